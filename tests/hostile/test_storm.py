"""Random hostile requests at every address, as every kind of caller: no fault of ours, and the site works."""

import json
from itertools import islice
from secrets import randbelow

import pytest

from medgrid.vertex.contract.operations import OPERATIONS, PREFIX
from tests.hostile import connector, storm
from tests.hostile.doors import all_doors, rpcs
from tests.support import limits, people
from tests.support.connector import MEMBERS
from tests.support.http import message
from tests.support.vendors import make_vendor

# Their failures are pages or redirects for a browser, as the contract shows.
OWN_BODIES = ("_callback", "webhook")
# How much the web server may have grown between the first and the last quarter of a storm, in MB.
GROWTH = 250
# After so many requests the limits are lifted, because their answers would hide all others.
BATCH = 200


@pytest.fixture
def count(request) -> int:
	"""How many requests to send."""
	return request.config.getoption("--hostile-requests")


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
	# Whoever calls these has no token any more, and everything else that they send is a 401.
	kept = [door for door in everything if not door.command.endswith(("_keys", "update_password"))]
	# Who may do everything could really delete something of Frappe's.
	doors = {
		**dict.fromkeys(("guest", *wrong), everything),
		**dict.fromkeys(signed_in, kept),
		"manager": [door for door in kept if door.is_ours],
	}
	return [
		storm.Attacker(name, {**environment.headers, **headers}, doors[name])
		for name, headers in {"guest": {}, **signed_in, **wrong}.items()
	]


def test_every_rpc_of_the_packages_is_attacked(site):
	assert {"medgrid.integrations.connect_shipstation", "medgrid.catalog.search_items"} <= set(rpcs())
	assert "api_key" in rpcs()["medgrid.integrations.connect_shipstation"]
	assert "requestData" in rpcs()["medgrid.vertex.app_install"]
	assert {"currency", "lineItems", "shop"} <= set(connector.parameters()["calculate_taxes"])


def test_hostile_requests_meet_no_fault_of_ours(request, count, environment, attackers):
	seed = request.config.getoption("--hostile-seed") or randbelow(10**9)
	print(f"\n--hostile-requests={count} --hostile-seed={seed}")
	limits.lift()
	tally = storm.Tally(is_acceptable, count)
	watch = storm.send_all(environment.url, storm.attacks(seed, count, attackers), tally.note)
	print(tally.report(watch))
	assert not tally.faults, named(seed, tally)
	assert watch.failed_pings == 0
	first, last = watch.typical_memory()
	assert last < first + GROWTH


def test_hostile_requests_meet_no_fault_of_ours_at_the_second_contract(
	request, count, environment, complete_shop, identity
):
	seed = request.config.getoption("--hostile-seed") or randbelow(10**9)
	print(f"\n--hostile-requests={count} --hostile-seed={seed}")
	attacks = storm.attacks(seed, count, connector.attackers(complete_shop))
	tally, watch = storm.Tally(is_acceptable, count), storm.Watch()
	for _start in range(0, count, BATCH):
		limits.lift()
		storm.send_all(environment.url, islice(attacks, BATCH), tally.note, watch)
	print(tally.report(watch))
	print({name: dict(sorted(of.items())) for name, of in sorted(tally.by_command.items())})
	assert not tally.faults, named(seed, tally)
	assert tally.answered == count
	assert watch.failed_pings == 0
	first, last = watch.typical_memory()
	assert last < first + GROWTH
	assert complete_shop.document().status == "Complete"
	taxed = message(complete_shop.call("shopify_tax_calculate", **complete_shop.sale()))
	assert taxed["totalTax"] == 5.84


def named(seed: int, tally: storm.Tally) -> str:
	"""The first faults, and how to repeat them."""
	faults = "\n".join(map(str, tally.faults[:10]))
	return f"seed {seed}: {len(tally.faults)} answers, the first:\n{faults}"


def is_acceptable(answer: storm.Answer) -> bool:
	door, status = answer.attack.door, answer.status
	if door.command.startswith(PREFIX):
		return is_acceptable_issue(answer)
	if status >= 400 and door.path.startswith("/api/") and not _speaks_the_contract(answer):
		return False
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


def is_acceptable_issue(answer: storm.Answer) -> bool:
	"""Whether an answer is a success, or the second contract's Issue about anything but a fault."""
	door, status = answer.attack.door, answer.status
	if status in (0, 500):
		return False
	if status in (429, 503) and "retry-after" not in answer.headers:
		return False
	if status == 501 and "allow" not in answer.headers:
		return False
	if status < 400 or answer.attack.verb == "HEAD":
		return True
	operation = OPERATIONS.get(door.command.removeprefix(PREFIX))
	if operation and operation.is_page and "text/html" in answer.attack.headers.get("Accept", ""):
		return answer.headers["content-type"].startswith("text/html")
	return list(_content(answer.body)) == MEMBERS and _content(answer.body)["status"] == status


def _content(body: bytes) -> dict:
	try:
		content = json.loads(body)
	except ValueError:
		return {}
	return content if isinstance(content, dict) else {}


def _speaks_the_contract(answer: storm.Answer) -> bool:
	"""Whether an error below /api/ is no HTML and names what it is. The callbacks have pages for browsers."""
	is_page = "html" in answer.headers.get("content-type", "")
	if is_page and not answer.attack.door.command.endswith("_callback"):
		return False
	return b'"exc_type": "Exception"' not in answer.body and b'"type": "Exception"' not in answer.body


def _keys(body: bytes) -> set[str]:
	try:
		return set(json.loads(body))
	except ValueError:
		return set()
