"""More than one app on a site: their paths, modules, hooks, and the list of what is installed."""

import inspect
import json
import os
import types
from pathlib import Path

from sandbox.runtime import APPS


def install() -> None:
	import monoframe
	import monoframe.utils
	from monoframe.utils import installed_apps
	from monoframe.utils.caching import request_cache

	monoframe.init = _init_of_a_named_site(monoframe.init)
	monoframe.get_site_name = site_name
	monoframe.utils.get_sites = lambda sites_path=None: [site_name()]
	monoframe.get_app_path = app_path
	monoframe.get_app_source_path = lambda app_name, *joins: app_path(app_name, "..", *joins)
	monoframe.get_module_list = module_list
	monoframe.get_all_apps = lambda with_internal_apps=True, sites_path=None: list(APPS)
	monoframe.get_installed_apps = request_cache(get_installed_apps)
	monoframe._load_app_hooks = load_app_hooks
	monoframe.get_hooks = get_hooks
	monoframe.setup_module_map = setup_module_map
	# No setup wizard stands between a sandbox site and its users.
	installed_apps.get_setup_wizard_completed_apps = get_installed_apps


def site_name() -> str:
	return Path(os.environ["SANDBOX_SITE"]).name


def _init_of_a_named_site(init):
	import monoframe

	def named_init(site=None, sites_path=None, new_site=False, force=False):
		# monoframe's own callers pass `force` as the only argument.
		if isinstance(site, bool):
			force, site = site, None
		if getattr(monoframe.local, "initialised", None) and not force:
			return
		monoframe.local.site = site or site_name()
		monoframe.local.sites_path = sites_path or "."
		init(force=force)
		monoframe.local.site_path = os.environ["SANDBOX_SITE"]
		monoframe.local.flags.new_site = new_site

	return named_init


def app_path(app_name: str, *joins: str) -> str:
	import monoframe

	return monoframe.get_pymodule_path("monoframe" if app_name == "frappe" else app_name, *joins)


def module_list(app_name: str = "monoframe") -> list[str]:
	import monoframe

	return monoframe.get_file_items(app_path(app_name, "modules.txt"))


def setup_module_map(include_all_apps: bool = True) -> None:
	import monoframe

	modules = {app: [monoframe.scrub(module) for module in module_list(app)] for app in APPS}
	monoframe.local.app_modules = modules
	monoframe.local.module_app = {module: app for app in modules for module in modules[app]}


def get_installed_apps(*, _ensure_on_bench: bool = False) -> list[str]:
	import monoframe

	if getattr(monoframe.flags, "in_install_db", True):
		return []
	if not monoframe.db:
		monoframe.connect()
	return json.loads(monoframe.db.get_global("installed_apps") or "[]")


def load_app_hooks(app_name: str | None = None) -> dict:
	import monoframe

	hooks: dict = {}
	for app in [app_name] if app_name else monoframe.get_installed_apps():
		for key, value in inspect.getmembers(monoframe.get_module(f"{app}.hooks"), _is_hook):
			if not key.startswith("_"):
				monoframe.append_hook(hooks, key, value)
	return hooks


def _is_hook(value) -> bool:
	return not isinstance(value, types.ModuleType | types.FunctionType | type)


def get_hooks(hook=None, default="_KEEP_DEFAULT_LIST", app_name=None):
	import monoframe

	if app_name:
		hooks = load_app_hooks(app_name)
	else:
		hooks = monoframe.client_cache.get_value("app_hooks")
		if hooks is None:
			hooks = load_app_hooks()
			monoframe.client_cache.set_value("app_hooks", hooks)
	if hook:
		return hooks.get(hook, [] if default == "_KEEP_DEFAULT_LIST" else default)
	return monoframe._dict(hooks)
