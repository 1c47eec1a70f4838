"""Installing, removing, patching and syncing apps other than the framework, in the order Frappe does it."""

import json

from sandbox.runtime import apps

FRAMEWORK = "monoframe"


def install() -> None:
	import monoframe.installer
	import monoframe.model.sync
	import monoframe.patches

	monoframe.installer.add_to_installed_apps = add_to_installed_apps
	monoframe.installer.install_app = install_app
	monoframe.installer.remove_app = remove_app
	monoframe.patches.get_all_patches = get_all_patches
	monoframe.model.sync.sync_all = sync_all
	_supply_missing_test_module()


def add_to_installed_apps(app_name: str, rebuild_website: bool = True) -> None:
	import monoframe
	from monoframe.installer import post_install

	installed = apps.get_installed_apps()
	if app_name in installed:
		return
	_write_installed_apps([*installed, app_name])
	if monoframe.flags.in_install:
		post_install(rebuild_website)


def _write_installed_apps(names: list[str]) -> None:
	import monoframe

	monoframe.db.set_global("installed_apps", json.dumps(names))
	monoframe.db.commit()
	monoframe.local.request_cache.clear()
	monoframe.clear_cache()


def install_app(name: str, verbose: bool = False, set_as_patched: bool = True, force: bool = False) -> None:
	"""Installs one app and what it requires. Installing an installed app changes nothing unless forced."""
	import monoframe
	from monoframe.core.doctype.scheduled_job_type.scheduled_job_type import sync_jobs
	from monoframe.installer import add_module_defs, set_all_patches_as_completed
	from monoframe.model.module_utils import sync_customizations
	from monoframe.model.sync import sync_for
	from monoframe.utils.dashboard import sync_dashboards
	from monoframe.utils.fixtures import sync_fixtures

	hooks = apps.get_hooks(app_name=name)
	for required in hooks.required_apps or []:
		install_app(required.split("/")[-1])
	if name in apps.get_installed_apps() and not force:
		return

	monoframe.flags.in_install = name
	monoframe.flags.ignore_in_install = False
	monoframe.clear_cache()
	_call_all(hooks.before_install)
	if name != FRAMEWORK:
		add_module_defs(name, ignore_if_duplicate=force)
	sync_for(name, force=force, reset_permissions=True)
	add_to_installed_apps(name)
	monoframe.get_doc("Portal Settings", "Portal Settings").sync_menu()
	if set_as_patched:
		set_all_patches_as_completed(name)
	_call_all(hooks.after_install)
	sync_jobs()
	sync_fixtures(name)
	sync_customizations(name)
	sync_dashboards(name)
	_call_all(hooks.after_sync)
	monoframe.clear_cache()
	monoframe.client_cache.erase_persistent_caches()
	monoframe.flags.in_install = False


def remove_app(app_name: str, dry_run=False, yes=False, no_backup=False, force=False) -> None:
	"""Uninstalls one app: its hooks, its DocTypes and their tables, its modules."""
	import monoframe
	from monoframe.installer import _delete_doctypes, _delete_modules

	hooks = apps.get_hooks(app_name=app_name)
	monoframe.flags.in_uninstall = True
	_call_all(hooks.before_uninstall)
	modules = monoframe.get_all("Module Def", filters={"app_name": app_name}, pluck="name")
	_delete_doctypes(_delete_modules(modules, dry_run=dry_run), dry_run=dry_run)
	if not dry_run:
		_write_installed_apps([app for app in apps.get_installed_apps() if app != app_name])
		monoframe.db.commit()
	_call_all(hooks.after_uninstall)
	monoframe.flags.in_uninstall = False


def _call_all(dotted_names: list[str] | None) -> None:
	import monoframe

	for dotted_name in dotted_names or []:
		monoframe.get_attr(dotted_name)()


def get_all_patches(patch_type=None) -> list[str]:
	from monoframe.patches import get_patches_from_app

	return [
		patch
		for app in apps.get_installed_apps()
		for patch in get_patches_from_app(app, patch_type=patch_type)
	]


def sync_all(force=0, reset_permissions=False) -> None:
	import monoframe
	from monoframe.model.sync import sync_for
	from monoframe.patches import _patch_mode

	_patch_mode(True)
	for app in apps.get_installed_apps():
		sync_for(app, force, reset_permissions=reset_permissions)
	_patch_mode(False)
	monoframe.clear_cache()


def _supply_missing_test_module() -> None:
	"""The framework's installer imports a test helper that the wheel does not ship."""
	import sys
	import types

	import monoframe.tests.utils as tests_utils

	generators = types.ModuleType("monoframe.tests.utils.generators")
	generators.__dict__["_clear_test_log"] = lambda: None
	tests_utils.__path__ = []
	tests_utils.generators = generators
	sys.modules[generators.__name__] = generators
