"""The commands in the documentation, and the answers that it promises: fences of `sh`, each of which may be
followed by one of `json`.

In an answer "…" stands for anything: as a text, within a text, and at the end of a list for all further
entries.
"""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(sh|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANYTHING = "…"
# A reader's own variables; the set-up command reads this instead of the demo site's state.
SET_UP = "-m sandbox status --shell"
SHELL = """
python3() {{
	if [ "$*" = "{set_up}" ]; then cat "{folder}/variables"; else command python3 "$@"; fi
}}
{commands}
"""
COMMAND = """
{{
{text}
}} > "{folder}/{number}.out" 2> "{folder}/{number}.err"
echo $? > "{folder}/{number}.status"
"""


@dataclass(frozen=True)
class Command:
	"""
	:param answer: what the documentation says that comes back; None: it says nothing.
	"""

	text: str
	answer: Any = None


@dataclass(frozen=True)
class Result:
	output: str
	errors: str
	status: int


def commands(path: Path) -> list[Command]:
	"""The commands of a document, in order."""
	found: list[Command] = []
	for kind, text in FENCE.findall(path.read_text(encoding="utf-8")):
		if kind == "sh":
			found.append(Command(text))
		elif found and found[-1].answer is None:
			found[-1] = Command(found[-1].text, json.loads(text))
	return found


def run(listed: list[Command], variables: dict[str, str], folder: Path) -> list[Result]:
	"""Runs commands as they are typed, one after the other in one shell, in the repository's root.

	:param variables: what the set-up command exports.
	:param folder: an empty one, for what they print.
	"""
	exports = "\n".join(f"export {name}='{value}'" for name, value in variables.items())
	(folder / "variables").write_text(exports)
	blocks = [
		COMMAND.format(text=command.text, folder=folder, number=number)
		for number, command in enumerate(listed)
	]
	script = SHELL.format(set_up=SET_UP, folder=folder, commands="".join(blocks))
	subprocess.run(["bash", "-c", script], cwd=ROOT, timeout=300, check=True)
	return [_result(folder, number) for number in range(len(listed))]


def _result(folder: Path, number: int) -> Result:
	texts = {name: (folder / f"{number}.{name}").read_text() for name in ("out", "err", "status")}
	return Result(texts["out"], texts["err"], int(texts["status"]))


def differences(promised: Any, actual: Any, where: str = "the answer") -> list[str]:
	"""What of an answer is not as the documentation has it; the order of members counts."""
	if promised == ANYTHING:
		return []
	if isinstance(promised, dict) and isinstance(actual, dict):
		if list(promised) != list(actual):
			return [f"{where} has {list(actual)}, not {list(promised)}"]
		pairs = [(promised[name], actual[name], f"{where}.{name}") for name in promised]
	elif isinstance(promised, list) and isinstance(actual, list):
		is_open = bool(promised) and promised[-1] == ANYTHING
		shown = promised[:-1] if is_open else promised
		if len(actual) < len(shown) or (len(actual) > len(shown) and not is_open):
			return [f"{where} has {len(actual)} entries, not {len(shown)}"]
		pairs = [(*pair, f"{where}[{index}]") for index, pair in enumerate(zip(shown, actual, strict=False))]
	elif _fits(promised, actual):
		return []
	else:
		return [f"{where} is {actual!r}, not {promised!r}"]
	return [difference for pair in pairs for difference in differences(*pair)]


def _fits(promised: Any, actual: Any) -> bool:
	if isinstance(promised, str) and isinstance(actual, str) and ANYTHING in promised:
		pattern = ".*".join(map(re.escape, promised.split(ANYTHING)))
		return re.fullmatch(pattern, actual, re.DOTALL) is not None
	# True is no 1.
	return promised == actual and isinstance(promised, bool) == isinstance(actual, bool)
