"""Each issue and each row of statistics that is stored is a line of JSON in the log `medgrid.vertex`."""

import json
import logging
from datetime import timedelta

import frappe
import pytest

from medgrid.core.clock import utc_now
from medgrid.issues.records import ADMINISTRATOR, Subject
from medgrid.vertex import volume
from medgrid.vertex.event_log import LOGGER, record_issue
from tests.support.connector import MEMBERS, issue
from tests.support.http import Caller
from tests.support.in_process import in_process


class Kept(logging.Handler):
	def __init__(self):
		super().__init__()
		self.lines: list[dict] = []

	def emit(self, record):
		self.lines.append({**json.loads(record.getMessage()), "level": record.levelname})


@pytest.fixture
def lines(site):
	"""The contents of the lines that this process writes, with their level."""
	logger, handler = frappe.logger(LOGGER, allow_site=True), Kept()
	logger.addHandler(handler)
	yield handler.lines
	logger.removeHandler(handler)


def test_an_issue_of_a_request(environment, complete_shop, vertex, lines):
	vertex.fault("status", path="/vertex-ws/v2/supplies", times=9, status=500)
	with in_process(environment) as here:
		caller = Caller(here)
		caller.session.headers.update(complete_shop.connector.session.headers)
		answer = caller.post("medgrid.vertex.shopify_tax_calculate", **complete_shop.sale())
	assert {**issue(answer, 503), "level": "ERROR"} in lines


def test_an_issue_of_a_job(site, lines):
	subject = Subject("vertex", "document/book", related_to="a.myshopify.com", version="v1")
	made = record_issue(subject, title="T", detail="D", who_acts=ADMINISTRATOR, status=400, notify=False)
	[line] = lines
	assert list(line) == [*MEMBERS, "level"]
	assert (line["id"], line["type"], line["relatedTo"]) == (made.name, "document/book", "a.myshopify.com")
	site.db.rollback()


def test_a_row_of_statistics(site, vertex_app, lines):
	site.db.delete("Vertex Data Volume")
	volume.count(volume.INVOICE, 0.1)
	names = volume.roll_up(utc_now() + timedelta(minutes=1))
	assert {(name, "INFO") for name in names} == {(line["id"], line["level"]) for line in lines}
	assert names
