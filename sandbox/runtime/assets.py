"""`/assets/APP/…` from each app's `public` folder: on a bench a link in `sites/assets` and nginx do this."""

from werkzeug.middleware.shared_data import SharedDataMiddleware

from sandbox.runtime import APP_FOLDERS, APPS


def with_assets(application):
	"""WSGI middleware: files of the apps' `public` folders; everything else goes on to the application."""
	folders = {
		f"/assets/{app}": str(folder / app / "public")
		for app in APPS
		for folder in APP_FOLDERS
		if (folder / app / "public").is_dir()
	}
	return SharedDataMiddleware(application, folders)
