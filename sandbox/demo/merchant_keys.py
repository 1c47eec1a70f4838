"""The demo merchant's Basic credentials, kept in the checkout's state: MedGrid shows a password only once."""

from sandbox import state
from sandbox.demo.cast import CONNECTOR_SHOP


def remember(username: str, password: str) -> dict[str, str]:
	"""
	:returns: what `status` has under `vertex`, `merchant`.
	"""
	facts = state.load()
	keys = {"shop": CONNECTOR_SHOP, "username": username, "password": password}
	facts.setdefault("vertex", {})["merchant"] = keys
	state.save(facts)
	return keys


def remembered() -> dict[str, str] | None:
	return state.load().get("vertex", {}).get("merchant")
