"""One Sales Order, a destination for it, and a rival."""

import pytest


@pytest.fixture
def document(site):
	"""The name of a submitted Sales Order, whose job has run: it finds that the test's Supplier has no
	account, so it would take the record for one of nobody."""
	from tests.support import records
	from tests.support.vendors import order
	from tests.support.waiting import wait_for_jobs

	name = order((records.item("MGT-OUTBOX"), 1, 10)).name
	wait_for_jobs()
	return name


@pytest.fixture
def destination(site, tmp_path):
	from tests.support import records
	from tests.support.outbox import FileDestination

	supplier = records.supplier("MGT Outbox")
	site.db.commit()
	return FileDestination(str(tmp_path / "made"), supplier)


@pytest.fixture
def rival(site):
	from tests.support.rival import rival_connection

	with rival_connection() as database:
		yield database


@pytest.fixture
def row(site, destination, document):
	"""`row()`: the document's record as the database has it now; None if it has none."""

	def read():
		site.db.rollback()
		name = site.db.get_value(destination.outbox.doctype, destination.key(document))
		return site.get_doc(destination.outbox.doctype, name) if name else None

	return read
