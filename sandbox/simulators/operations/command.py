"""`python3 -m sandbox do`: an operation by its simulator's and its own name, or a list of what there is."""

import sys
from collections.abc import Sequence

import requests

from sandbox import layout, services
from sandbox.console import printable
from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.operations.operation import Operation, Result
from sandbox.simulators.table import SIMULATORS

INDENT = "  "


def main(words: Sequence[str]) -> int:
	"""
	:param words: [simulator] operation [values]; nothing: the list is printed.
	"""
	if not words or (len(words) == 1 and words[0] in SIMULATORS):
		print("\n".join(listed(words or list(SIMULATORS))))
		return 0
	site = layout.site_of_this_process()
	try:
		simulator, operation, values = chosen(words)
		control = SIMULATORS[simulator].service().control(services.simulators.address(site, simulator))
		print(as_text(operation.run(control, operation.typed(values))))
	except ControlRefused as error:
		print(f"sandbox: {printable(str(error))}", file=sys.stderr)
		return 1
	except requests.ConnectionError:
		print(f"sandbox: {simulator} does not run. Run: python3 -m sandbox up", file=sys.stderr)
		return 1
	return 0


def chosen(words: Sequence[str]) -> tuple[str, Operation, Sequence[str]]:
	"""The simulator, its operation, and what was typed for it. The simulator may be left out if no other one
	has an operation of that name.

	:raises ControlRefused: nobody has it, or several have.
	"""
	name, values = words[0], words[1:]
	if name in SIMULATORS:
		own = SIMULATORS[name].service().operations
		if words[1] not in own:
			raise ControlRefused(f"{name} has no {words[1]!r}. It has: {', '.join(own)}")
		return name, own[words[1]], words[2:]
	owners = [simulator for simulator in SIMULATORS if name in SIMULATORS[simulator].service().operations]
	if not owners:
		raise ControlRefused(f"There is no {name!r}. `python3 -m sandbox do` lists what there is.")
	if len(owners) > 1:
		raise ControlRefused(f"Whose? Type one of: {', '.join(f'{owner} {name}' for owner in owners)}")
	return owners[0], SIMULATORS[owners[0]].service().operations[name], values


def listed(simulators: Sequence[str]) -> list[str]:
	"""What can be done, a line each."""
	lines = ["python3 -m sandbox do SIMULATOR OPERATION; the newest one is meant if nothing is named."]
	for simulator in simulators:
		lines += ["", simulator]
		operations = SIMULATORS[simulator].service().operations.values()
		lines += [f"{INDENT}{operation.usage():<36} {operation.about}" for operation in operations]
	return lines


def as_text(result: Result) -> str:
	if isinstance(result, str):
		return printable(result)
	if not result:
		return "Nothing yet."
	names = list(result[0])
	rows = [names, *([printable(row[name]) for name in names] for row in result)]
	widths = [max(len(row[index]) for row in rows) for index in range(len(names))]
	return "\n".join(
		INDENT.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
		for row in rows
	)


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
