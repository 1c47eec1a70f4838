"""`.sandbox/state.json`: the ports, passwords and tokens of this checkout, readable by its owner only."""

import base64
import json
import os
import secrets
from collections.abc import Callable

from sandbox import layout, ports

FILE = layout.HOME / "state.json"


def load() -> dict:
	return json.loads(FILE.read_text()) if FILE.exists() else {}


def save(state: dict) -> None:
	"""Replaces the file in one step, so that a killed command leaves the old or the new one."""
	layout.HOME.mkdir(parents=True, exist_ok=True)
	fresh = FILE.with_suffix(".new")
	with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
		json.dump(state, file, indent="\t", sort_keys=True)
	fresh.replace(FILE)


def port(name: str) -> int:
	"""The port that this checkout uses for a service, chosen among the free ones when first asked for."""
	state = load()
	known = state.setdefault("ports", {})
	if name not in known:
		known[name] = ports.free()
		save(state)
	return known[name]


def move_port(name: str) -> int:
	"""Another port for a service whose port somebody else has taken."""
	state = load()
	state.setdefault("ports", {})[name] = ports.free()
	save(state)
	return state["ports"][name]


def password(name: str) -> str:
	"""A password made once per checkout."""
	return _secret(name, lambda: secrets.token_urlsafe(15))


def encryption_key(name: str) -> str:
	"""A Fernet key made once per checkout: without one, each process of a new site would make its own."""
	return _secret(name, lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())


def _secret(name: str, make: Callable[[], str]) -> str:
	state = load()
	known = state.setdefault("passwords", {})
	if name not in known:
		known[name] = make()
		save(state)
	return known[name]
