"""A web server whose Redis does not answer: no visitor's words are lost, and the health report says so."""

import pytest

from medgrid import contact_api
from medgrid.contact import inbox
from sandbox import ports
from tests.support import people
from tests.support.http import message
from tests.support.waits import waits_server

HEALTH = "medgrid.health.report"


@pytest.fixture(scope="module")
def without_redis(environment):
	nobody = f"redis://127.0.0.1:{ports.free()}"
	with waits_server(environment, FRAPPE_REDIS_CACHE=nobody, FRAPPE_REDIS_QUEUE=nobody) as server:
		yield server


def test_a_message_is_stored_and_delivered_once_redis_is_back(without_redis, contact_form, sender):
	address = f"{sender}@example.com"
	answer = contact_form.send(without_redis.caller(), address)
	assert (answer.status_code, message(answer)) == (200, contact_form.ANSWER)
	[stored] = contact_form.stored(address)
	assert not stored.held
	inbox.deliver(stored.name)
	assert [lead.email_id for lead in contact_form.leads(address)] == [address]
	assert contact_form.stored(address) == []


def test_what_filled_in_the_honeypot_gets_the_same_answer(without_redis, contact_form, sender):
	address = f"{sender}@example.com"
	answer = contact_form.send(without_redis.caller(), address, website="https://spam.example")
	assert (answer.status_code, message(answer)) == (200, contact_form.ANSWER)
	assert contact_form.stored(address) == []


def test_the_database_counts_the_messages_of_the_hour(without_redis, contact_form, sender):
	address = f"{sender}@example.com"
	contact_form.fill(contact_api.OVERALL.times, held=False)
	answer = contact_form.send(without_redis.caller(), address)
	assert (answer.status_code, message(answer)) == (200, contact_form.ANSWER)
	[stored] = contact_form.stored(address)
	assert stored.held


def test_the_health_report_names_redis(without_redis, site):
	answer = without_redis.caller(people.manager()).get(HEALTH)
	assert answer.status_code == 503
	report = answer.json()["message"]
	assert report["queues"] is None
	assert "The queues cannot be read. Start Redis." in report["problems"]


@pytest.mark.parametrize("method", ["catalog.list_warehouses_ordered", "integrations.list_connections"])
def test_reads_go_on(without_redis, site, method):
	assert without_redis.caller(people.customer()).get(f"medgrid.{method}").status_code == 200
