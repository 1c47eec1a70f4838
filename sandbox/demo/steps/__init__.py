"""The demo's steps, in order. Each returns what came back, in short, or raises what went wrong."""

from collections.abc import Callable

import requests

from sandbox import status
from sandbox.console import printable
from sandbox.demo.steps import (
	catalog,
	contact,
	exoceuticals,
	portal,
	sales_tax,
	sendblue,
	shipstation,
	shopify,
	vendor_orders,
	vertex,
)

STEPS = (
	*catalog.STEPS,
	*shipstation.STEPS,
	*vendor_orders.STEPS,
	*shopify.STEPS,
	*exoceuticals.STEPS,
	*sendblue.STEPS,
	*contact.STEPS,
	*portal.STEPS,
	*vertex.STEPS,
	*sales_tax.STEPS,
)


def run() -> int:
	"""Runs every step, whatever the others did. 0 if all are well, else 1."""
	facts = status.as_dict()
	print(f"MedGrid at {facts['site']['url']}")
	succeeded = sum([_run(title, step, facts) for title, step in STEPS])
	print(f"demo: {succeeded} of {len(STEPS)} steps ok")
	print(f"\nNow look for yourself: {facts['site']['portal']}")
	print("\n".join(status.logins(facts["users"])))
	print("\n".join(status.to_type(facts["vendors"])))
	print("\n".join(status.tax_connector(facts["vertex"])))
	print("\nAct as the other side (buy a label, reply STOP, be slow): python3 -m sandbox do")
	return 0 if succeeded == len(STEPS) else 1


def _run(title: str, step: Callable[[dict], str], facts: dict) -> bool:
	try:
		outcome = step(facts)
	except (AssertionError, KeyError, IndexError, requests.RequestException) as error:
		print(printable(f"FAILED  {title}: {type(error).__name__} {error}"), flush=True)
		return False
	print(printable(f"ok      {title}: {outcome}"), flush=True)
	return True
