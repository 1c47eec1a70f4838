"""A caller of the API over HTTP."""

import json
from dataclasses import dataclass

import requests


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


class Caller:
	"""Calls the API as one user, or as nobody.

	:param user: authenticates with the token of this person.
	"""

	def __init__(self, environment, user: Person | None = None):
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
