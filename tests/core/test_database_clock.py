"""Leases, claims and turns are decided by the database's clock, whatever the server's own says."""

from datetime import datetime, timedelta

import frappe
import pytest

from medgrid.core import clock, database_clock
from medgrid.exceptions import Conflict
from medgrid.integrations import turns
from medgrid.outbox import attempts, records
from medgrid.outbox.states import State
from medgrid.sync import running, runs
from medgrid.sync.job import Job


class Wrong(datetime):
	"""The clock of a server that is days ahead of the others."""

	@classmethod
	def now(cls, tz=None):
		return datetime.now(tz) + timedelta(days=30)


@pytest.fixture
def wrong_clock(site, monkeypatch):
	yield lambda: monkeypatch.setattr(clock, "datetime", Wrong)
	monkeypatch.undo()


def test_the_databases_clock_fixes_nothing_that_a_transaction_sees(site):
	moment = database_clock.database_now()
	assert moment.tzinfo and abs(moment - clock.utc_now()) < timedelta(minutes=5)


def test_a_lease_outlives_a_server_whose_clock_is_ahead(wrong_clock):
	job = Job("inventory")
	run = runs.start(job)
	try:
		wrong_clock()
		assert running.is_running(job)
		assert running.dead_run(job) is None
		with pytest.raises(Conflict):
			runs.start(job)
		run.check()
	finally:
		frappe.db.delete(runs.DOCTYPE, {"name": run.name})
		frappe.db.commit()


def test_a_turn_outlives_it(wrong_clock, connected):
	connection = connected.connection()
	turn = turns.take(connection)
	try:
		wrong_clock()
		assert turn and turns.take(connection) is None
		assert turns.begin(connection, turn)
	finally:
		turns.give_back(connection)


def test_a_claim_outlives_it(wrong_clock, connected):
	from tests.support.outbox import FileDestination
	from tests.support.vendors import order

	document = order((connected.item, 1, 10)).name
	destination = FileDestination("/nowhere", connected.supplier)
	claim = attempts.claim(destination, document)
	wrong_clock()
	try:
		[attempt] = [each for each in records.open_attempts(destination.outbox) if each.name == claim.name]
		assert attempt.state is State.SENDING and not attempt.is_conclusive()
	finally:
		frappe.db.delete(destination.outbox.doctype, {"name": claim.name})
		frappe.db.commit()
