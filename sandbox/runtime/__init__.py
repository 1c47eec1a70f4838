"""The bridge that lets `import frappe` run on monoframe 0.0.1, Frappe's own code with one site and no apps.

`activate()` must run before anything imports `frappe`, in every process of the sandbox. Each module here
restores one thing that monoframe took away, and says what breaks without it:

    alias.py         `import frappe.x` is `monoframe.x`
    source_fixes.py  one statement that Python 3.11 cannot compile
    config.py        `site_config.json`
    apps.py          more than one app: paths, hooks, modules, installed apps
    installer.py     `install_app`, patches and DocType sync of those apps
    names.py         class names, template globals and headers that say `frappe`
    scheduler.py     the scheduler's loop
    probe.py         what the tests' sites watch in every process
    assets.py        `/assets/…` without a build, a bench's assets folder and nginx
    login_page.py    a page to sign in on: the framework's own needs bundles that the wheel does not ship

monoframe is pinned to exactly 0.0.1: these patches know its insides.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Where `import medgrid` and `import erpnext` (the stand-in) come from.
APP_FOLDERS = (ROOT, ROOT / "sandbox" / "apps")
APPS = ("monoframe", "erpnext", "medgrid")

_active = False


def activate(site_folder: str | Path | None = None) -> None:
	"""Makes this process a Frappe process of one site, with the site's folder as working directory.

	:param site_folder: the folder with `site_config.json`; default: the environment's SANDBOX_SITE.
	"""
	global _active
	if _active:
		return
	folder = Path(site_folder or os.environ["SANDBOX_SITE"]).resolve()
	os.environ["SANDBOX_SITE"] = str(folder)
	os.chdir(folder)
	os.environ.setdefault("MONOFRAME_STREAM_LOGGING", "1")
	os.environ["MONOFRAME_EXTRA_CONFIG"] = "sandbox.runtime.config.site_config"
	for path in reversed(APP_FOLDERS):
		if str(path) not in sys.path:
			sys.path.insert(0, str(path))

	from sandbox.runtime import alias, apps, installer, names, scheduler, source_fixes

	source_fixes.install()
	alias.install()
	apps.install()
	installer.install()
	names.install()
	scheduler.install()
	_active = True
