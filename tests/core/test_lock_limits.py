"""The tests' own: what one does as a web request limits no waits of the next one."""

import frappe

from medgrid.core.waiting import lock_waits
from tests.support.lock_limits import forget_lock_limits

LIMITS = "SELECT @@SESSION.innodb_lock_wait_timeout, @@SESSION.lock_wait_timeout"
OF_SERVER = "SELECT @@GLOBAL.innodb_lock_wait_timeout, @@GLOBAL.lock_wait_timeout"


def test_a_request_in_this_process_leaves_no_limits(site, monkeypatch):
	monkeypatch.setattr(frappe.local, "request", frappe._dict(method="POST"), raising=False)
	lock_waits.limit_in_request()
	assert frappe.db.sql(LIMITS)[0][0] <= lock_waits.STATEMENT_SECONDS
	forget_lock_limits()
	assert frappe.db.sql(LIMITS) == frappe.db.sql(OF_SERVER)


def test_a_short_transaction_leaves_no_limits(site):
	frappe.db.rollback()
	lock_waits.begin(1)
	assert frappe.db.sql(LIMITS)[0][0] <= 1
	forget_lock_limits()
	assert frappe.db.sql(LIMITS) == frappe.db.sql(OF_SERVER)
