"""A caller of MedGrid's API, as a customer's own program would be."""

import requests

TIMEOUT_SECONDS = 120
SIGN_INS = 5


class Client:
	def __init__(self, url: str, authorization: str | None = None):
		self.url = url
		self.session = requests.Session()
		self.session.headers["Accept"] = "application/json"
		if authorization:
			self.session.headers["Authorization"] = authorization

	def request(self, verb: str, method: str, **options) -> requests.Response:
		url = f"{self.url}/api/method/{method}"
		return self.session.request(verb, url, timeout=TIMEOUT_SECONDS, **options)

	def get(self, method: str, **parameters):
		return self._message(self.request("GET", method, params=parameters))

	def post(self, method: str, **values):
		return self._message(self.request("POST", method, json=values))

	def _message(self, answer: requests.Response):
		"""
		:raises AssertionError: any status but 200, with the body.
		"""
		assert answer.status_code == 200, f"{answer.status_code} {answer.text[:500]}"
		return answer.json()["message"]

	def insert(self, doctype: str, **values) -> dict:
		"""Makes a document through REST; with `docstatus=1` it is submitted at once."""
		return self._data("POST", f"/api/resource/{doctype}", json=values)

	def update(self, doctype: str, name: str, **values) -> dict:
		return self._data("PUT", f"/api/resource/{doctype}/{name}", json=values)

	def read(self, doctype: str, name: str) -> dict:
		return self._data("GET", f"/api/resource/{doctype}/{name}")

	def _data(self, verb: str, path: str, **options) -> dict:
		answer = self.session.request(verb, f"{self.url}{path}", timeout=TIMEOUT_SECONDS, **options)
		assert answer.status_code == 200, f"{answer.status_code} {answer.text[:500]}"
		return answer.json()["data"]


def browser(facts: dict, who: str) -> requests.Session:
	"""A browser in which a user is signed in.

	:param who: see `user`.
	"""
	session = requests.Session()
	session.headers["Accept"] = "text/html"
	sign_in(session, facts, user(facts, who))
	return session


def sign_in(session: requests.Session, facts: dict, person: dict) -> None:
	"""Signs a user in by password.

	Frappe answers with 500 if it is just noting the user's last request; then it is tried again.

	:param person: an entry of `status`' users.
	"""
	url = f"{facts['site']['url']}/api/method/login"
	credentials = {"usr": person["user"], "pwd": person["password"]}
	for _ in range(SIGN_INS):
		answer = session.post(url, json=credentials, timeout=TIMEOUT_SECONDS)
		if answer.status_code < 500:
			break
	assert answer.status_code == 200, f"{answer.status_code} {answer.text[:500]}"


def user(facts: dict, who: str) -> dict:
	"""An entry of `status`' users.

	:param who: a role ("customer") or a user's name.
	"""
	return next(entry for entry in facts["users"] if who in (entry["role"], entry["user"]))


def caller(facts: dict, who: str) -> Client:
	"""A client with the token of a user."""
	return Client(facts["site"]["url"], user(facts, who)["authorization"])
