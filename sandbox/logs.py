"""`python3 -m sandbox logs NAME`: the ends of the log files that a name means."""

import subprocess
from pathlib import Path

from sandbox import layout
from sandbox.console import SetupError, say

LINES = 40


def show(name: str | None, site: str, lines: int = LINES, follow: bool = False) -> int:
	"""Prints the last lines; without a name, the names that there are.

	:param follow: goes on with what is written, until Ctrl-C.
	"""
	if name is None:
		say("\n".join(names(site)) or "There are no logs yet.")
		return 0
	command = ["tail", f"--lines={lines}", *(["-F"] if follow else []), "--", *map(str, files(name, site))]
	try:
		return subprocess.run(command).returncode
	except KeyboardInterrupt:
		return 0


def files(name: str, site: str) -> list[Path]:
	"""The files of what runs for a site, or for all sites, in whose names each word of `name` is.

	:raises SetupError: there is none.
	"""
	words = name.lower().split()
	found = [path for path in _files(site) if all(word in _name(path, site).lower() for word in words)]
	# "web" means the web server, also when another log has the word in its name.
	exact = [path for path in found if _name(path, site).lower() == name.lower()]
	if not found:
		raise SetupError(
			f"there is no log {name!r}", advice=f"There are: {', '.join(names(site)) or 'none yet'}"
		)
	return exact or found


def names(site: str) -> list[str]:
	return [_name(path, site) for path in _files(site)]


def _files(site: str) -> list[Path]:
	others = [other for other in layout.ALL_SITES if other != site]
	found = sorted(layout.LOGS.glob("*.log"), key=lambda path: path.stem)
	return [path for path in found if not path.stem.endswith(tuple(f" {other}" for other in others))]


def _name(path: Path, site: str) -> str:
	"""What a person calls it: `web`, `worker 1`, `shopify simulator`."""
	return path.stem.removesuffix(f" {site}")
