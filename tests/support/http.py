"""Callers over HTTP: programs with a token, and browsers with a session."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import requests

SIGN_INS = 5


@dataclass(frozen=True)
class Person:
	email: str
	password: str
	api_key: str
	api_secret: str

	@property
	def authorization(self) -> str:
		return f"token {self.api_key}:{self.api_secret}"


def direct_session() -> requests.Session:
	"""Without the environment's proxies, which cannot reach our loopback."""
	session = requests.Session()
	session.trust_env = False
	return session


def sign_in(post: Callable[[str, dict], tuple[int, str]], person: Person) -> None:
	"""Begins a session of this person with their password.

	Frappe notes that a user was active after it has answered their request. A sign-in that reads the user
	just before that finds their record changed, and is answered with 500; so it is tried again.

	:param post: sends a body to a path of the site; returns the answer's status code and text.
	"""
	for _ in range(SIGN_INS):
		status, text = post("/api/method/login", {"usr": person.email, "pwd": person.password})
		if status < 500:
			break
	assert status == 200, text


class Caller:
	"""Calls the API as one user, or as nobody.

	:param user: authenticates with the token of this person.
	"""

	def __init__(self, environment, user: Person | None = None):
		self.environment = environment
		self.url = environment.url
		self.user = user
		self.session = requests.Session()
		self.session.headers.update({"Accept": "application/json", **environment.headers})
		if user:
			self.session.headers["Authorization"] = user.authorization

	def request(self, verb: str, path: str, **options) -> requests.Response:
		return self.session.request(verb, f"{self.url}{path}", timeout=120, **options)

	def get(self, method: str, **parameters) -> requests.Response:
		return self.request("GET", f"/api/method/{method}", params=parameters)

	def post(self, method: str, **values) -> requests.Response:
		return self.request("POST", f"/api/method/{method}", json=values)

	def sign_in(self, person: Person) -> None:
		"""Begins a session of this person with their password."""

		def post(path: str, credentials: dict) -> tuple[int, str]:
			answer = self.request("POST", path, json=credentials)
			return answer.status_code, answer.text

		sign_in(post, person)
		self.user = person


class Browser(Caller):
	"""Opens pages as a browser does: it wants HTML, keeps a session, and follows no redirect by itself.

	:param user: signs in as this person; None: nobody is signed in yet.
	"""

	def __init__(self, environment, user: Person | None = None):
		super().__init__(environment)
		self.session.headers["Accept"] = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
		if user:
			self.sign_in(user)

	def open(self, path: str, **headers: str) -> requests.Response:
		"""
		:param path: with its query; or a `Location`.
		"""
		address = urlsplit(path)
		assert not address.netloc or path.startswith(f"{self.url}/"), path
		return self.request("GET", path.removeprefix(self.url), headers=headers, allow_redirects=False)

	def sign_in_at(self, login_page: str, person: Person) -> str:
		"""Signs in at a login page to which a redirect led.

		:param login_page: the redirect's `Location`.
		:returns: where Frappe's script of that page goes on to, in 15 and 16 (`login.js`, `get_url_arg`,
			`sanitise_redirect`).
		"""
		page = urlsplit(login_page)
		assert (page.path, page.netloc) in [("/login", ""), ("/login", urlsplit(self.url).netloc)], login_page
		self.sign_in(person)
		pairs = [re.split("=(.+)", pair)[:2] for pair in page.query.split("&")]
		target = unquote(dict(pairs)["redirect-to"].replace("+", "%20"), errors="strict")
		assert re.match(r"/[^/\\]", target), target
		blank = r"\s*(&#x.{1,7})?"
		return re.sub(blank.join("javascript"), "", target, flags=re.IGNORECASE)


def message(answer: requests.Response):
	"""What a successful RPC returned."""
	assert answer.status_code == 200, answer.text
	body = answer.json()
	assert list(body) == ["message"], body
	return body["message"]


def error(answer: requests.Response, status: int, exc_type: str) -> str:
	"""The message of a failed call, after checking that the error has the contract's shape."""
	assert answer.status_code == status, (answer.status_code, answer.text)
	body = answer.json()
	assert sorted(body) == ["_server_messages", "exc_type", "exception"], body
	assert body["exc_type"] == exc_type, body
	messages = json.loads(body["_server_messages"])
	assert all(list(entry) == ["message"] for entry in messages), messages
	assert body["exception"].split(": ", 1)[0].rpartition(".")[2] == exc_type, body
	return messages[-1]["message"]
