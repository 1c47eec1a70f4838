"""What every simulator does on request: it is slow, it is down, it rejects keys, and it is well again.

Of these only the last one asked for applies. They end with `recover`, and when the simulator ends.
"""

from typing import Any

from sandbox.simulators.common.errors import ControlRefused


def be_slow(control: Any, seconds: str = "5") -> str:
	"""Every answer comes this many seconds late, until recover."""
	try:
		late = float(seconds)
	except ValueError:
		raise ControlRefused(f"{seconds!r} is no number of seconds.") from None
	if not 0 < late <= 600:
		raise ControlRefused("Between 0 and 600 seconds are possible.")
	_instead(control, "slow", seconds=late)
	return f"Every answer comes {late:g} s late from now on. To end this: recover"


def be_down(control: Any) -> str:
	"""Every answer is 503, until recover."""
	_instead(control, "status", status=503)
	return "Every answer is 503 from now on. To end this: recover"


def reject_keys(control: Any) -> str:
	"""All keys are rejected with 401, until recover."""
	return reject(control)


def recover(control: Any) -> str:
	"""Ends be-slow, be-down and reject-keys."""
	control.clear_faults()
	return "Everything works again."


def reject(control: Any, **whose: str) -> str:
	"""
	:param whose: what the simulator's faults match: one account's requests; none: everybody's.
	"""
	_instead(control, "status", status=401, **whose)
	names = ", ".join(whose.values()) or "all keys"
	return f"Rejected from now on: {names}. To end this: recover"


def _instead(control: Any, kind: str, **options: Any) -> None:
	control.clear_faults()
	control.fault(kind, None, **options)
