"""The bench's web application for one site, whatever host a request names: webhooks come to 127.0.0.1.

With assets, which nginx serves otherwise: the portal's tests look at whole pages.
"""

import os

import frappe.app

frappe.app._site = os.environ["MEDGRID_TEST_SITE"]
application = frappe.app.application_with_statics()
