"""The pages that vendors and customers use in a browser."""

import re

import requests

from sandbox.demo.cast import VENDORS
from sandbox.demo.client import TIMEOUT_SECONDS, sign_in, user

PAGES = {VENDORS["Summit Clinical Supply"]: "/portal/integrations", "customer": "/portal/catalog"}


def guests_sign_in(facts: dict) -> str:
	answer = requests.get(f"{_site(facts)}/portal", allow_redirects=False, timeout=TIMEOUT_SECONDS)
	assert answer.status_code == 302, answer.status_code
	return f"sent to {answer.headers['Location']}"


def pages(facts: dict) -> str:
	"""Each person's page, signed in by password as a browser is."""
	return "; ".join(_title(facts, user(facts, who), path) for who, path in PAGES.items())


def _title(facts: dict, person: dict, path: str) -> str:
	session = requests.Session()
	sign_in(session, facts, person)
	page = session.get(f"{_site(facts)}{path}", timeout=TIMEOUT_SECONDS)
	assert page.status_code == 200, f"{page.status_code} {page.text[:500]}"
	[title] = re.findall("<title>(.*?) · MedGrid</title>", page.text)
	return f"{person['user']} sees {title}"


def _site(facts: dict) -> str:
	return facts["site"]["url"]


STEPS = (("the portal, without a session", guests_sign_in), ("the portal, signed in", pages))
