"""The site's web application in this process, over HTTP, so that a test can break what it likes in it."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.serving import WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
	"""Logs no addresses; gunicorn does not either, as it is started here and by a bench."""

	def log_request(self, *arguments) -> None:
		pass


def _application():
	if "SANDBOX_SITE" in os.environ:
		from sandbox.runtime.wsgi import application

		return application
	import frappe

	os.environ["MEDGRID_TEST_SITE"] = frappe.local.site
	from tests.support.bench_wsgi import application

	return application


class InProcess:
	"""Stands for the environment where a Caller is made: its calls are answered by this process."""

	def __init__(self, environment, url: str):
		self.url, self.headers = url, environment.headers


@contextmanager
def in_process(environment) -> Iterator[InProcess]:
	server = make_server("127.0.0.1", 0, _application(), threaded=True, request_handler=_Quiet)
	thread = threading.Thread(target=server.serve_forever, daemon=True)
	thread.start()
	try:
		yield InProcess(environment, f"http://127.0.0.1:{server.server_port}")
	finally:
		server.shutdown()
		thread.join()
