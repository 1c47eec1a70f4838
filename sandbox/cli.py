"""The commands of `python3 -m sandbox`."""

import argparse
import fcntl
import json
import os
import random
import shutil
import subprocess
import sys
from contextlib import contextmanager

from sandbox import layout, logs, services, setup, shared_tests, status
from sandbox.console import SetupError, explain, say
from sandbox.setup import unit_tests
from sandbox.setup.steps import once
from sandbox.simulators.common import hostile


def main(arguments: list[str] | None = None) -> int:
	options, rest = _parser().parse_known_args(arguments)
	if rest and options.command not in ("test", "unit", "bench", "load"):
		_parser().error(f"unknown arguments: {' '.join(rest)}")
	if rest[:1] == ["--"]:
		rest = rest[1:]
	try:
		return options.action(options, rest) or 0
	except SetupError as error:
		explain(error)
		return 1


def _parser() -> argparse.ArgumentParser:
	parser = argparse.ArgumentParser(
		prog="python3 -m sandbox", description="MedGrid on this machine, with everything it needs."
	)
	commands = parser.add_subparsers(dest="command", required=True, metavar="command")

	def command(name, action, about, **options):
		sub = commands.add_parser(name, help=about, description=about, **options)
		sub.set_defaults(action=action)
		return sub

	command("demo", demo, "set up if needed, then run MedGrid's main job over HTTP, a line a step")
	command(
		"test", test, "set up if needed, then run the tests; further arguments go to pytest", add_help=False
	).add_argument("--parallel", action="store_true", help="share them out among three sites")
	command(
		"unit", unit, "run the tests of pure code: no site, no Frappe; arguments go to pytest", add_help=False
	)
	command("bench", bench, "set up if needed, then run the benchmarks", add_help=False)
	command(
		"load",
		load,
		"what MedGrid's queries cost with 100,000 orders and 1,000,000 events; --help: other numbers",
		add_help=False,
	)
	command("up", up, "set up if needed, start everything, print addresses and logins").add_argument(
		"--hostile",
		metavar="MODE",
		choices=[*hostile.MODES, "none"],
		help="the other systems answer like ones that mean harm (sandbox/simulators/common/hostile.py)",
	)
	status_command = command("status", show_status, "what runs, where, and who may log in")
	forms = status_command.add_mutually_exclusive_group()
	forms.add_argument("--json", action="store_true", help="for programs")
	forms.add_argument("--shell", action="store_true", help="as variables for the commands in README.md")
	logs_command = command("logs", show_logs, "the end of a log: web, worker, shopify, sendblue, …")
	logs_command.add_argument("name", nargs="*", help="words of its name; none: the names that there are")
	logs_command.add_argument("-f", "--follow", action="store_true", help="go on with what is written")
	logs_command.add_argument("-n", "--lines", type=int, default=logs.LINES)
	do_command = command(
		"do", do, "act as the other side: buy a label, reply STOP; nothing: what can be done"
	)
	do_command.add_argument("words", nargs="*", metavar="[SIMULATOR] OPERATION [VALUES]")
	command("down", down, "stop everything")
	command("reset", reset, "stop everything and throw away all data; the installed packages stay")
	command("shell", shell, "a Python prompt on the demo site")
	execute_command = command("execute", execute, "call a function on the demo site, print what it returns")
	execute_command.add_argument("function", help="dotted name")
	execute_command.add_argument("arguments", nargs="*", help="JSON or text")
	for sub in (commands.choices["shell"], execute_command, logs_command, do_command):
		sub.add_argument("--site", default=layout.DEMO_SITE, choices=layout.ALL_SITES)
	return parser


def demo(options, rest) -> int:
	with _alone():
		setup.ensure(layout.DEMO_SITE)
	return _python(layout.DEMO_SITE, "-m", "sandbox.demo")


def test(options, rest) -> int:
	if not options.parallel:
		return _on_a_site_of_its_own(layout.TEST_SITE, "-m", "pytest", *rest)
	with _alone():
		setup.ensure_all(layout.TEST_SITES)
	try:
		return shared_tests.run(rest, shared_tests.on_test_sites())
	finally:
		for site in layout.TEST_SITES:
			services.stop_site(site)


def unit(options, rest) -> int:
	with _alone():
		once(
			"Python environment of the unit tests",
			unit_tests.install,
			key="unit venv",
			inputs=unit_tests.inputs(),
		)
	folder = "tests/unit"
	command = [str(layout.UNIT_PYTHON), "-m", "pytest", f"--confcutdir={folder}"]
	# Each run has another order of sets; the number repeats it.
	environment = {"PYTHONHASHSEED": str(random.randrange(2**32)), **os.environ}
	say(f"PYTHONHASHSEED={environment['PYTHONHASHSEED']}")
	if all(argument.startswith("-") for argument in rest):
		return shared_tests.run([folder, *rest], shared_tests.of_unit_tests(command, environment))
	# A path, or the value of an option.
	where = [] if any(argument.startswith(folder) for argument in rest) else [folder]
	return subprocess.run([*command, *where, *rest], cwd=layout.ROOT, env=environment).returncode


def bench(options, rest) -> int:
	return _on_a_site_of_its_own(layout.BENCH_SITE, "-m", "benchmarks", *rest)


def load(options, rest) -> int:
	with _alone():
		setup.ensure(layout.DEMO_SITE)
	return _python(layout.DEMO_SITE, "-m", "sandbox.growth", *rest)


def _on_a_site_of_its_own(site: str, *arguments: str) -> int:
	with _alone():
		setup.ensure(site)
	try:
		return _python(site, *arguments)
	finally:
		services.stop_site(site)


def up(options, rest) -> None:
	with _alone():
		setup.ensure(layout.DEMO_SITE)
	if options.hostile:
		services.simulators.make_hostile(layout.DEMO_SITE, options.hostile)
	say(status.as_text())


def show_status(options, rest) -> None:
	if options.shell:
		say(status.as_shell())
	else:
		say(json.dumps(status.as_dict(), indent="\t") if options.json else status.as_text())


def show_logs(options, rest) -> int:
	return logs.show(" ".join(options.name) or None, options.site, options.lines, options.follow)


def do(options, rest) -> int:
	if not services.is_set_up():
		raise SetupError("nothing is set up here yet", advice="Run: python3 -m sandbox up")
	return _python(options.site, "-m", "sandbox.simulators.operations.command", *options.words)


def down(options, rest) -> None:
	with _alone():
		stopped = services.stop_all()
	say(f"stopped: {', '.join(stopped)}" if stopped else "nothing was running")


def reset(options, rest) -> None:
	with _alone():
		services.stop_all()
		for path in layout.HOME.iterdir():
			if path not in (layout.VENV, layout.UNIT_VENV, _LOCK) and path.name != "done":
				shutil.rmtree(path) if path.is_dir() else path.unlink()
		for marker in (layout.HOME / "done").glob("*"):
			if marker.name not in ("venv", "unit venv"):
				marker.unlink()
	say("All data is gone; `python3 -m sandbox demo` makes it anew.")


def shell(options, rest) -> int:
	with _alone():
		setup.ensure(options.site)
	return _python(options.site, "-m", "sandbox.runtime.site", "shell")


def execute(options, rest) -> int:
	with _alone():
		setup.ensure(options.site)
	return _python(
		options.site, "-m", "sandbox.runtime.site", "execute", options.function, *options.arguments
	)


def _python(site: str, *arguments: str) -> int:
	"""The venv's Python on a site, from the repository's root; Ctrl-C reaches it and ends us both."""
	command = [str(layout.PYTHON), *arguments]
	return subprocess.run(command, cwd=layout.ROOT, env=layout.python_environment(site)).returncode


_LOCK = layout.HOME / "lock"


@contextmanager
def _alone():
	"""One command at a time changes a checkout's sandbox."""
	layout.HOME.mkdir(parents=True, exist_ok=True)
	with open(os.open(_LOCK, os.O_RDWR | os.O_CREAT, 0o600), "w") as lock:
		try:
			fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError:
			print("  another sandbox command is at work here; waiting for it", file=sys.stderr, flush=True)
			fcntl.flock(lock, fcntl.LOCK_EX)
		yield
