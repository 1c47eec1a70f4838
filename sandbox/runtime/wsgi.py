"""The WSGI application that gunicorn serves: `gunicorn sandbox.runtime.wsgi:application`."""

from sandbox import runtime

runtime.activate()

from sandbox.runtime import probe  # noqa: E402 the bridge comes first

probe.install()

from monoframe.app import application as frappe_application  # noqa: E402

from sandbox.runtime.assets import with_assets  # noqa: E402
from sandbox.runtime.login_page import with_login_page  # noqa: E402
from sandbox.runtime.names import frappe_headers  # noqa: E402

application = with_assets(with_login_page(frappe_headers(frappe_application)))
