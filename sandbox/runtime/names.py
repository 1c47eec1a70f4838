"""Names that users and apps see say `frappe` again: exceptions, the template global, the HTTP headers."""


def install() -> None:
	_exception_names()
	_template_global()


def _exception_names() -> None:
	import monoframe
	import monoframe.exceptions as exceptions

	for value in vars(exceptions).values():
		if isinstance(value, type) and value.__module__ == "monoframe.exceptions":
			value.__module__ = "frappe.exceptions"
	renamed = exceptions.MonoframeTypeError
	renamed.__name__ = renamed.__qualname__ = "FrappeTypeError"
	monoframe.FrappeTypeError = exceptions.FrappeTypeError = renamed


def _template_global() -> None:
	from monoframe.utils import safe_exec

	original = safe_exec.get_safe_globals

	def get_safe_globals():
		names = original()
		names["frappe"] = names["monoframe"]
		return names

	safe_exec.get_safe_globals = get_safe_globals


def frappe_headers(application):
	"""WSGI middleware: `X-Frappe-…` outside, `X-Monoframe-…` inside."""

	def renamed(environ, start_response):
		for key in [key for key in environ if key.startswith("HTTP_X_FRAPPE_")]:
			environ.setdefault(key.replace("HTTP_X_FRAPPE_", "HTTP_X_MONOFRAME_"), environ[key])

		def start(status, headers, exc_info=None):
			outside = [(name.replace("X-Monoframe-", "X-Frappe-"), value) for name, value in headers]
			return start_response(status, outside, exc_info)

		return application(environ, start)

	return renamed
