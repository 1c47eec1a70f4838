"""What a simulator knew before its process ended, the next one knows."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from sandbox.simulators.common import passing
from sandbox.simulators.common.memory import Memory
from sandbox.simulators.shipstation.remote import ShipStationControl
from sandbox.simulators.table import SIMULATORS

ROOT = Path(__file__).resolve().parents[3]
SHOP = "kept.myshopify.com"
ORDER = {
	"orderNumber": "SAL-1",
	"orderKey": "SAL-1",
	"orderDate": "2026-06-18",
	"orderStatus": "awaiting_shipment",
	"billTo": {"name": "Dr. Ada Byrne"},
	"shipTo": {
		"name": "Dr. Ada Byrne",
		"street1": "400 Harbor Blvd",
		"city": "San Diego",
		"state": "CA",
		"postalCode": "92101",
		"country": "US",
	},
	"items": [{"lineItemKey": "row-1", "sku": "VD3", "name": "D3", "quantity": 2, "unitPrice": 28.5}],
}


def memory_of(folder, sources=()):
	return Memory(folder / "kept.pickle", list(sources))


class Lives:
	"""A simulator that runs again and again, and keeps what it knows."""

	def __init__(self, name, folder):
		self.service, self.memory = SIMULATORS[name].service(), memory_of(folder)
		self.server = None

	def begin(self):
		"""The control of the next process."""
		self.end()
		self.server = self.service.start()
		self.memory.restore(self.server.simulator)
		return self.service.control(self.server.url)

	def end(self):
		if self.server:
			self.memory.save(self.server.simulator)
			self.server.stop()
			self.server = None


@pytest.fixture
def lives(tmp_path):
	running = []

	def of(name):
		running.append(Lives(name, tmp_path))
		return running[-1]

	yield of
	for each in running:
		each.end()


@pytest.mark.parametrize("name", SIMULATORS)
def test_whatever_a_simulator_has_is_kept_or_named_as_passing(name, lives):
	life = lives(name)
	life.begin()
	life.begin()
	simulator = life.server.simulator
	assert set(simulator.kept()) >= set(vars(simulator)) - simulator.passing


def test_shipstation_keeps_accounts_orders_and_labels(lives):
	life = lives("shipstation")
	control = life.begin()
	control.add_account("key", "secret")
	order = control.save_order("key", ORDER)
	label = control.buy_label("key", order_key="SAL-1")
	control = life.begin()
	assert control.shipments("key") == [label]
	assert [kept["orderId"] for kept in control.orders("key")] == [order["orderId"]]
	answer = requests.get(f"{control.url}/orders", auth=("key", "secret"), timeout=10)
	assert (answer.status_code, answer.json()["total"]) == (200, 1)


def test_shopify_keeps_shops_products_and_tokens(lives):
	life = lives("shopify")
	control = life.begin()
	control.add_app("app", "app-secret")
	control.add_shop(SHOP)
	[product] = control.seed_products(SHOP, [{"title": "D3", "sku": "VD3", "price": "28.50"}])
	token = control.issue_token(SHOP, scopes=["read_products"])
	control.add_admin_webhook(SHOP, "orders/updated", "http://127.0.0.1:9/webhook")
	control = life.begin()
	assert control.products(SHOP) == [product]
	assert len(control.subscriptions(SHOP)) == 1
	answer = requests.post(
		f"{control.base_url(SHOP)}/admin/api/2026-04/graphql.json",
		json={"query": "{ products(first: 5) { nodes { title } } }"},
		headers={"X-Shopify-Access-Token": token},
		timeout=10,
	)
	assert answer.json()["data"]["products"]["nodes"] == [{"title": "D3"}]


def test_sendblue_keeps_who_opted_out(lives):
	life = lives("sendblue")
	control = life.begin()
	control.add_account("key", "secret")
	control.opt_out("key", "+12065550190")
	control = life.begin()
	answer = requests.post(
		f"{control.url}/api/send-message",
		json={"number": "+12065550190", "content": "Hello"},
		headers={"sb-api-key-id": "key", "sb-api-secret-key": "secret"},
		timeout=10,
	)
	assert (answer.status_code, "opted out" in answer.text) == (400, True)


def test_vertex_keeps_companies_clients_and_its_clock(lives):
	life = lives("vertex")
	control = life.begin()
	control.add_company("SKYDELL")
	control.add_client("client", "client-secret")
	control.advance_clock(86_400)
	day = control.set_clock("2026-12-24T12:00:00Z")[:10]
	control = life.begin()
	assert control.advance_clock(0)[:10] == day
	assert control.token_requests("client") == []


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_the_identity_servers_key_stays_whoever_has_fetched_it(lives, algorithm):
	life = lives("vertex")
	life.begin().rotate_identity_key(algorithm)
	key = life.server.simulator.identity.key
	life.begin()
	kept = life.server.simulator.identity.key
	assert (kept.published(), kept.public_pem()) == (key.published(), key.public_pem())
	assert len(kept.sign(b"data")) == len(key.sign(b"data"))


def test_faults_end_with_the_process(lives):
	life = lives("shipstation")
	life.begin().fault("slow", times=None)
	assert life.begin().faults() == []


def test_time_passes_while_nothing_runs(monkeypatch):
	monkeypatch.setattr(passing, "_ahead", 0.0)
	passing.go_on_from(moment=5000.0, at=time.time() - 3600)
	assert 8600 <= passing.now() < 8660


def test_what_another_version_wrote_is_left_alone(tmp_path):
	source = tmp_path / "simulator.py"
	source.write_text("a = 1")
	service = SIMULATORS["sendblue"].service()
	memory_of(tmp_path, [source]).save(service.simulator())
	source.write_text("a = 2")
	assert not memory_of(tmp_path, [source]).restore(service.simulator())


@pytest.mark.parametrize("content", [b"", b"\x80\x04", b"no pickle", b"\x80\x04]."])
def test_a_file_that_was_cut_short_is_left_alone_and_reported(tmp_path, capsys, content):
	(tmp_path / "kept.pickle").write_bytes(content)
	assert not memory_of(tmp_path).restore(SIMULATORS["sendblue"].service().simulator())
	assert "everything begins anew" in capsys.readouterr().err


def test_a_seed_that_did_not_come_to_its_end_is_not_kept(tmp_path):
	memory = Memory(tmp_path / "kept.pickle", [], is_complete=False)
	memory.save(SIMULATORS["sendblue"].service().simulator())
	assert not memory.file.exists()


def test_what_is_kept_is_readable_by_its_owner_only(tmp_path):
	memory = memory_of(tmp_path)
	memory.save(SIMULATORS["sendblue"].service().simulator())
	assert stat.S_IMODE(memory.file.stat().st_mode) == 0o600


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_process_that_is_ended_leaves_what_it_knew(tmp_path, end):
	with socket.socket() as probe:
		probe.bind(("127.0.0.1", 0))
		port = probe.getsockname()[1]
	command = [sys.executable, "-m", "sandbox.simulators", "shipstation", "--port", str(port)]
	file = tmp_path / "kept.pickle"

	def start():
		process = subprocess.Popen([*command, "--memory", str(file)], cwd=ROOT, env=dict(os.environ))
		control = ShipStationControl(f"http://127.0.0.1:{port}")
		for _attempt in range(200):
			try:
				control.faults()
				return process, control
			except requests.ConnectionError:
				time.sleep(0.05)
		raise AssertionError("the simulator does not answer")

	first, control = start()
	control.add_account("key", "secret")
	if end == signal.SIGKILL:
		# It saves every second.
		time.sleep(2.5)
	first.send_signal(end)
	first.wait(timeout=20)
	second, control = start()
	try:
		assert control.orders("key") == []
	finally:
		second.terminate()
		second.wait(timeout=20)
