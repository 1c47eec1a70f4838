"""How often one network address may try credentials below `medgrid.vertex.`. See docs/api.md, "Callers".

Frappe refuses wrong credentials before any hook of MedGrid's that could count them. They are counted on the
way out, and an address that has used up its attempts is refused on the way in.
"""

from typing import Any

from medgrid.core import rate_limits
from medgrid.core.rate_limits import MINUTE, Limit
from medgrid.services.callers import caller

WRONG_CREDENTIALS = Limit("vertex credentials", 300, MINUTE)


def check(request: Any) -> None:
	"""Checks on the way in that an address may try credentials.

	:param request: werkzeug's.
	:raises TooManyRequests: it has tried wrong ones too often (429).
	"""
	if _has_credentials(request):
		rate_limits.check(WRONG_CREDENTIALS, caller())


def note_outcome(request: Any, status: int) -> None:
	"""Counts wrong credentials on the way out.

	:param request: werkzeug's.
	:param status: the answer's.
	"""
	if status == 401 and _has_credentials(request):
		rate_limits.count(WRONG_CREDENTIALS, caller())


def _has_credentials(request: Any) -> bool:
	return bool(request.headers.get("Authorization"))
