"""An operation: a function of a simulator's control client and of texts that a person types."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.simulators.common.errors import ControlRefused

# A sentence, or a table: rows with the same columns, the last one the newest.
Result = str | list[dict[str, str]]


@dataclass(frozen=True)
class Operation:
	"""
	:param name: as it is typed: `buy-label`.
	:param about: what it does, in a line.
	:param parameters: their names, and what each is if nobody types it.
	"""

	name: str
	about: str
	parameters: dict[str, str]
	function: Callable[..., Result]

	@classmethod
	def of(cls, function: Callable[..., Result]) -> "Operation":
		"""
		:param function: takes the control client, then texts that all have a default. The first line of its
			docstring is what it does.
		"""
		_control, *parameters = inspect.signature(function).parameters.values()
		return cls(
			name=function.__name__.replace("_", "-"),
			about=(inspect.getdoc(function) or "").partition("\n")[0],
			parameters={parameter.name: parameter.default for parameter in parameters},
			function=function,
		)

	@property
	def is_list(self) -> bool:
		"""Whether it only shows what there is."""
		return inspect.signature(self.function).return_annotation == list[dict[str, str]]

	def usage(self) -> str:
		return " ".join([self.name, *(f"[{name}]" for name in self.parameters)])

	def run(self, control: Any, values: Mapping[str, str]) -> Result:
		"""
		:param values: what was typed, by the names of the parameters; an empty text is none.
		:raises ControlRefused: it makes no sense, such as an order that is not there.
		"""
		typed = {name: value for name, text in values.items() if (value := text.strip())}
		if unknown := sorted(set(typed) - set(self.parameters)):
			raise ControlRefused(f"{self.name} takes no {', '.join(unknown)}. Type: {self.usage()}")
		return self.function(control, **typed)

	def typed(self, words: Sequence[str]) -> dict[str, str]:
		"""Gives words that stand one after the other their names.

		:raises ControlRefused: there are too many of them.
		"""
		if len(words) > len(self.parameters):
			raise ControlRefused(f"Too many words. Type: {self.usage()}")
		return dict(zip(self.parameters, words, strict=False))


def operations(*functions: Callable[..., Result]) -> dict[str, Operation]:
	"""By their names, in this order."""
	return {operation.name: operation for operation in map(Operation.of, functions)}
