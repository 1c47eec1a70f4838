"""Random hostile requests at every address, as every kind of caller: no fault of ours, and the site works."""

import json
from secrets import randbelow

import pytest

from tests.hostile import storm
from tests.hostile.doors import all_doors, rpcs
from tests.support import limits, people
from tests.support.vendors import make_vendor

# Their failures are pages or redirects for a browser, as the contract shows.
OWN_BODIES = ("_callback", "webhook")
# How much the web server may have grown between the first and the last quarter of a storm, in MB.
GROWTH = 250


@pytest.fixture
def count(request) -> int:
	"""How many requests to send."""
	count = request.config.getoption("--hostile-requests")
	if not count:
		pytest.skip("give --hostile-requests=N: which requests are sent is drawn at random")
	return count


@pytest.fixture
def attackers(environment, site, shipstation):
	persons = {
		"customer": people.customer(),
		"rep": people.sales_rep(),
		"vendor": make_vendor(environment, shipstation, "one").user,
		"manager": people.manager(),
	}
	signed_in = {name: {"Authorization": person.authorization} for name, person in persons.items()}
	wrong = {"wrong token": {"Authorization": "token x:\xff"}, "wrong scheme": {"Authorization": "Basic !!!"}}
	everything = all_doors()
	# Who may do everything could really delete something of Frappe's.
	ours = [door for door in everything if door.is_ours]
	return [
		storm.Attacker(name, {**environment.headers, **headers}, ours if name == "manager" else everything)
		for name, headers in {"guest": {}, **signed_in, **wrong}.items()
	]


def test_every_rpc_of_the_packages_is_attacked(site):
	assert {"medgrid.integrations.connect_shipstation", "medgrid.catalog.search_items"} <= set(rpcs())
	assert "api_key" in rpcs()["medgrid.integrations.connect_shipstation"]


def test_hostile_requests_meet_no_fault_of_ours(request, count, environment, attackers):
	seed = request.config.getoption("--hostile-seed") or randbelow(10**9)
	print(f"\n--hostile-requests={count} --hostile-seed={seed}")
	limits.lift()
	answers: list[storm.Answer] = []
	watch = storm.send_all(environment.url, storm.attacks(seed, count, attackers), answers.append)
	print(storm.report(answers, watch))
	faults = [answer for answer in answers if not is_acceptable(answer)]
	assert not faults, f"seed {seed}: {len(faults)} answers, the first:\n" + "\n".join(map(str, faults[:10]))
	assert watch.failed_pings == 0
	quarter = max(1, len(watch.memory) // 4)
	assert sum(watch.memory[-quarter:]) / quarter < sum(watch.memory[:quarter]) / quarter + GROWTH


def is_acceptable(answer: storm.Answer) -> bool:
	door, status = answer.attack.door, answer.status
	if status == 503:
		return "retry-after" in answer.headers
	if status == 0 or status >= 500:
		return False
	if status == 429 and "retry-after" not in answer.headers:
		return False
	if status < 400 or not door.is_ours or answer.attack.verb == "HEAD" or door.command.endswith(OWN_BODIES):
		return True
	# Frappe's version 2 has a shape of its own.
	keys = {"errors"} if "/v2/" in door.path else {"exc_type", "exception", "_server_messages"}
	return keys <= _keys(answer.body)


def _keys(body: bytes) -> set[str]:
	try:
		return set(json.loads(body))
	except ValueError:
		return set()
