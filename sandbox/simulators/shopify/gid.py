"""Global ids: gid://shopify/Order/4567890123."""

import itertools
import re
import time
from collections import defaultdict

from sandbox.simulators.shopify.errors import ApiError

# Shared by all shops and never reset, so that an id means one thing; those of the next process are greater,
# for a site outlives its simulator and remembers.
_FIRST = time.time_ns() // 1_000_000
_numbers: defaultdict[str, "itertools.count[int]"] = defaultdict(lambda: itertools.count(_FIRST))


def next_number(kind: str) -> int:
	return next(_numbers[kind])


def of(kind: str, number: int) -> str:
	return f"gid://shopify/{kind}/{number}"


def read(text: str, kind: str | None = None) -> tuple[str, int]:
	"""Kind and number of an id.

	:raises ApiError: when it is none, or one of another kind.
	"""
	match = re.fullmatch(r"gid://shopify/([A-Za-z]+)/(\d+)(?:\?.*)?", text)
	if not match:
		raise ApiError(f"Invalid global id '{text}'", "argumentLiteralsIncompatible")
	if kind and match[1] != kind:
		raise ApiError(f"Invalid id: {text}", "RESOURCE_NOT_FOUND")
	return match[1], int(match[2])
