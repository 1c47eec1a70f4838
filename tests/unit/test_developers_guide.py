"""docs/developers.md: its code runs, its paths exist, its picture of the states is what the code has."""

import re
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import SecretStr

from medgrid.http_client.errors import CredentialsRejected, ServiceUnavailable
from medgrid.outbox.states import NEXT

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "developers.md").read_text(encoding="utf-8")
CODE = re.findall(r"^```python\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
PATH = re.compile(r"`((?:medgrid|sandbox|docs|tests)/[\w./<>-]+)`")
KEY = "parcelbay-key"
SECONDS = 30


@pytest.fixture
def guide(monkeypatch):
	"""The guide's code, in one module."""
	module = ModuleType("developers_guide")
	monkeypatch.setitem(sys.modules, module.__name__, module)
	for code in CODE:
		exec(compile(code, "docs/developers.md", "exec"), vars(module))
	return module


@pytest.fixture
def parcelbay(guide):
	server = guide.SERVICE.start()
	yield server
	server.stop()


@pytest.fixture
def control(guide, parcelbay):
	control = guide.ParcelbayControl(parcelbay.url)
	control.add_account(KEY)
	return control


@pytest.fixture
def client(guide, parcelbay, control):
	def connect(key=KEY):
		return guide.ParcelbayClient(parcelbay.url, SecretStr(key), deadline=time.monotonic() + SECONDS)

	return connect


def test_the_guides_client_reads_what_was_bought_at_the_guides_simulator(guide, control, client):
	with client() as parcelbay:
		assert parcelbay.parcels() == []
		said = guide.OPERATIONS["buy-label"].run(control, {"order": "SAL-ORD-2026-00007"})
		[parcel] = parcelbay.parcels()
	assert said == "SAL-ORD-2026-00007 has a label."
	assert (parcel.order, parcel.number) == ("SAL-ORD-2026-00007", "1Z999AA10123456784")
	assert guide.OPERATIONS["parcels"].run(control, {})[0]["number"] == parcel.number


def test_the_guides_client_raises_what_the_failure_means(guide, control, client, monkeypatch):
	with pytest.raises(CredentialsRejected), client("another key") as parcelbay:
		parcelbay.parcels()
	guide.OPERATIONS["be-down"].run(control, {})
	monkeypatch.setattr(guide.ParcelbayClient, "max_retries", 0)
	with pytest.raises(ServiceUnavailable), client() as parcelbay:
		parcelbay.parcels()


def test_the_guides_simulator_has_a_page(guide, parcelbay, control):
	from urllib.request import ProxyHandler, build_opener

	with build_opener(ProxyHandler({})).open(f"{parcelbay.url}/", timeout=5) as answer:
		page = answer.read().decode()
	assert "ParcelbaySimulator" in page and 'value="buy-label"' in page


def test_every_path_that_the_guide_names_exists():
	paths = [path for path in PATH.findall(GUIDE) if "<" not in path]
	assert len(paths) > 12
	assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_picture_of_the_states_is_what_the_code_has():
	drawn = set(re.findall(r"^    (\w+) --> (\w+)", GUIDE, re.MULTILINE))
	assert drawn == {(before.value, after.value) for before, states in NEXT.items() for after in states}
