"""A simulated Vertex in this process, and a program that calls it as an integration would."""

import pytest
import requests

from sandbox.simulators.vertex.remote import VertexControl
from sandbox.simulators.vertex.service import SERVICE
from tests.support.vertex import CLIENTS, set_up

SECONDS = 10
TOKEN_PATHS = {
	"cloud": "/oauth/token",
	"cloud_legacy": "/identity/connect/token",
	"on_demand": "/oseries-auth/oauth/token",
}


class Caller:
	"""It gets itself a token when it first needs one."""

	def __init__(self, url: str):
		self.url = url
		self.session = requests.Session()
		self.session.trust_env = False

	def ask_for_token(self, kind: str = "cloud", *, path: str | None = None, **changes) -> requests.Response:
		"""
		:param changes: of the form; None leaves a field out.
		"""
		client_id, client_secret = CLIENTS[kind]
		form = {
			"grant_type": "client_credentials",
			"client_id": client_id,
			"client_secret": client_secret,
			"audience": "verx://migration-api",
			**changes,
		}
		data = {name: value for name, value in form.items() if value is not None}
		return self.session.post(f"{self.url}{path or TOKEN_PATHS[kind]}", data=data, timeout=SECONDS)

	def sign_in(self, kind: str = "cloud") -> None:
		token = self.ask_for_token(kind).json()["access_token"]
		self.session.headers["Authorization"] = f"Bearer {token}"

	def call(self, method: str, path: str, **options) -> requests.Response:
		if "Authorization" not in self.session.headers:
			self.sign_in()
		url = f"{self.url}/vertex-ws/v2/{path}"
		return self.session.request(method, url, timeout=SECONDS, allow_redirects=False, **options)

	def supplies(self, sale) -> requests.Response:
		return self.call("POST", "supplies", json=sale)

	def calculate(self, sale) -> dict:
		"""What a calculation answers below `data`."""
		answer = self.supplies(sale)
		assert answer.status_code == 200, answer.text
		return answer.json()["data"]

	def exists(self, transaction_id: str) -> bool:
		answer = self.call("GET", f"transaction-exists/{transaction_id}")
		assert answer.status_code == 200, answer.text
		return {"true": True, "false": False}[answer.json()["transactionExistsIndicator"]]


@pytest.fixture(scope="session")
def server():
	running = SERVICE.start()
	yield running
	running.stop()


@pytest.fixture
def control(server):
	control = VertexControl(server.url)
	set_up(control)
	return control


@pytest.fixture
def caller(server, control):
	return Caller(server.url)


@pytest.fixture(scope="module")
def program(server):
	"""A caller for tests whose requests change nothing at Vertex: it is set up once."""
	set_up(VertexControl(server.url))
	return Caller(server.url)
