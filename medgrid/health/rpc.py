"""RPC: the report for a monitor."""

from typing import Any

from medgrid.api.endpoint import endpoint
from medgrid.api.responses import fail_with_value
from medgrid.exceptions import Busy
from medgrid.health.facts import read_facts
from medgrid.health.judgement import problems_of


@endpoint("GET", roles=("System Manager",))
def report() -> dict[str, Any]:
	"""Checks that MedGrid does its work: that jobs run, that nothing waits too long. It reads only, and asks
	no other system.

	:returns: `status` ("ok" or "failing"), `problems` (sentences) and the facts of `facts.read_facts`. If it
		is failing, the HTTP status is 503, and the contract's three keys are beside `message`.
	"""
	facts = read_facts()
	problems = problems_of(facts)
	if problems:
		fail_with_value(Busy(" ".join(problems)))
	return {"status": "failing" if problems else "ok", "problems": problems, **facts}
