"""The WSGI application that gunicorn serves: `gunicorn sandbox.runtime.wsgi:application`."""

from sandbox import runtime

runtime.activate()

from monoframe.app import application as frappe_application  # noqa: E402 the bridge comes first

from sandbox.runtime.names import frappe_headers  # noqa: E402

application = frappe_headers(frappe_application)
