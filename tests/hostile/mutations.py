"""Good requests in which a few places are hostile: they get further than what is hostile as a whole."""

import copy
import json
from random import Random
from typing import Any

from tests.hostile import payloads

KEYS = ("", "__proto__", "x" * 300, "\0", "shop", "constructor", "lineItems")


def mutated(rng: Random, sample: Any) -> Any:
	"""A copy of JSON content with up to three places changed, removed, repeated or added."""
	content = copy.deepcopy(sample)
	for _time in range(rng.choice([0, 1, 1, 1, 2, 3])):
		_mutate(rng, content)
	return content


def _mutate(rng: Random, content: Any) -> None:
	places = list(_places(content))
	if not places:
		return
	holder, key = rng.choice(places)
	kind = rng.randrange(10)
	if kind < 6:
		holder[key] = payloads.value(rng, 500)
	elif kind == 6:
		del holder[key]
	elif kind == 7 and isinstance(holder, dict):
		holder[rng.choice(KEYS)] = payloads.value(rng, 500)
	elif kind == 8 and isinstance(holder, list):
		holder.extend([holder[key]] * rng.choice([1, 20, 1_500]))
	else:
		holder[key] = [holder[key]] if rng.random() < 0.5 else {"x": holder[key]}


def _places(content: Any):
	"""Each value in lists and objects, as what holds it and where."""
	entries = content.items() if isinstance(content, dict) else enumerate(content)
	for key, value in list(entries):
		yield content, key
		if isinstance(value, dict | list):
			yield from _places(value)


def written(rng: Random, content: Any) -> bytes:
	"""JSON, sometimes with a number that `json.dumps` does not write."""
	text = json.dumps(content)
	if rng.random() < 0.1:
		digits = [index for index, character in enumerate(text) if character.isdigit()]
		if digits:
			place = rng.choice(digits)
			text = text[:place] + rng.choice(payloads.RAW_NUMBERS) + text[place + 1 :]
	return text.encode()
