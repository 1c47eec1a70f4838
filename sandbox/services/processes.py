"""Long-running processes of this checkout, started detached and ended by process id, never by name.

A record holds the process' start time as well, so that an id which the system has given to somebody
else's process in the meantime is never signalled.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from sandbox import layout, ports
from sandbox.console import SetupError

FOLDER = layout.HOME / "run"
STOP_SECONDS = 20


def start(
	name: str,
	command: list,
	*,
	port: int | None = None,
	ready: Callable[[], bool] = lambda: True,
	environment=None,
	folder=None,
	version="",
	seconds=60,
) -> None:
	"""Starts a process unless the same version of it runs, and waits until it is ready.

	:param port: the one that it listens on as soon as it is ready. Somebody else who listens there does not
		count: two checkouts may have chosen one port.
	:param ready: what must be true besides.
	:param version: what the process has loaded; another one means a restart.
	:param seconds: how long to wait before giving up.
	"""
	record = _record(name)
	if record and pid_of(name):
		if record["version"] == version and _is_ready(name, port, ready):
			return
		stop(name)
	log = log_file(name)
	log.parent.mkdir(parents=True, exist_ok=True)
	with log.open("ab") as output:
		process = subprocess.Popen(
			[str(part) for part in command],
			stdin=subprocess.DEVNULL,
			stdout=output,
			stderr=subprocess.STDOUT,
			env=environment,
			cwd=folder,
			start_new_session=True,
		)
	_write(name, {"pid": process.pid, "started": _start_time(process.pid), "version": version})
	_wait(name, process, lambda: _is_ready(name, port, ready), seconds)


def _is_ready(name: str, port: int | None, ready: Callable[[], bool]) -> bool:
	return (port is None or ports.is_open_by(port, pid_of(name))) and ready()


def _wait(name: str, process: subprocess.Popen, ready: Callable[[], bool], seconds: float) -> None:
	deadline = time.monotonic() + seconds
	while time.monotonic() < deadline:
		if process.poll() is not None:
			_forget(name)
			raise SetupError(f"{name} ended with status {process.returncode}", log_file(name))
		if ready():
			return
		time.sleep(0.05)
	stop(name)
	raise SetupError(f"{name} was not ready within {seconds} seconds", log_file(name))


def stop(name: str) -> bool:
	"""Ends a process and its children: politely first. Returns whether it ran."""
	pid = pid_of(name)
	if pid:
		_signal(pid, signal.SIGTERM)
		deadline = time.monotonic() + STOP_SECONDS
		while pid_of(name) and time.monotonic() < deadline:
			time.sleep(0.05)
		if pid_of(name):
			_signal(pid, signal.SIGKILL)
	_forget(name)
	return bool(pid)


def _signal(pid: int, number: int) -> None:
	try:
		os.killpg(pid, number)
	except ProcessLookupError:
		return


def pid_of(name: str) -> int | None:
	"""The id of a running process of ours, or None."""
	record = _record(name)
	if record and record["started"] and _start_time(record["pid"]) == record["started"]:
		return record["pid"]
	return None


def recorded() -> list[str]:
	return sorted(path.stem for path in FOLDER.glob("*.json")) if FOLDER.exists() else []


def log_file(name: str) -> Path:
	return layout.LOGS / f"{name}.log"


def _start_time(pid: int) -> str | None:
	"""The kernel's start time of a living process; a zombie has ended."""
	try:
		fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
	except (FileNotFoundError, ProcessLookupError):
		return None
	return None if fields[0] == "Z" else fields[19]


def _record(name: str) -> dict | None:
	path = FOLDER / f"{name}.json"
	return json.loads(path.read_text()) if path.exists() else None


def _write(name: str, record: dict) -> None:
	FOLDER.mkdir(parents=True, exist_ok=True)
	(FOLDER / f"{name}.json").write_text(json.dumps(record))


def _forget(name: str) -> None:
	(FOLDER / f"{name}.json").unlink(missing_ok=True)
