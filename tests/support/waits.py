"""A web server of its own that notes how long each request's thread waits: see `waits_wsgi`."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from sandbox import ports
from tests.support.environment import ROOT
from tests.support.http import Caller, Person, direct_session
from tests.support.waiting import wait_for

# What a web request may wait, and how long it may take.
MOST_WAITED, MOST_SECONDS = 10, 30
# For the work itself, on a busy machine.
TOLERANCE = 2


@dataclass(frozen=True)
class Noted:
	"""What a request did.

	:param slept: in seconds, without having slept.
	:param locked: seconds in which the database let it wait.
	"""

	path: str
	seconds: float
	slept: float
	locked: float

	@property
	def waited(self) -> float:
		return self.slept + self.locked


class WaitsServer:
	"""The web server, with the face of an environment for `tests.support.http.Caller`."""

	def __init__(self, url: str, headers: dict[str, str], file: Path):
		self.url, self.headers, self.file = url, headers, file

	def caller(self, user: Person | None = None) -> Caller:
		return Caller(self, user)

	def noted(self) -> list[Noted]:
		"""The requests that have ended, oldest first."""
		return [Noted(**json.loads(line)) for line in self.file.read_text().splitlines()]

	def observe(self, call: Callable[[], requests.Response]) -> tuple[requests.Response, Noted]:
		"""Makes one call; returns its answer, and what its thread did."""
		before = len(self.noted())
		answer = call()
		wait_for(lambda: len(self.noted()) > before)
		return answer, self.noted()[before]


@contextmanager
def waits_server(environment: Any, **variables: str) -> Iterator[WaitsServer]:
	"""
	:param environment: of the tests; its site is served.
	:param variables: of the server's process.
	"""
	port = ports.free()
	with tempfile.TemporaryDirectory() as folder:
		file = Path(folder) / "waits"
		file.touch()
		command = [sys.executable, "-m", "gunicorn", "tests.support.waits_wsgi:application"]
		options = [f"--bind=127.0.0.1:{port}", "--workers=2", "--threads=4", "--worker-class=gthread"]
		with (Path(folder) / "log").open("wb") as log:
			process = subprocess.Popen(
				[*command, *options, "--timeout=120"],
				cwd=environment.web_folder,
				env={
					**os.environ,
					**environment.web_variables,
					"PYTHONPATH": str(ROOT),
					"MEDGRID_WAITS_FILE": str(file),
					**variables,
				},
				stdout=log,
				stderr=subprocess.STDOUT,
			)
		server = WaitsServer(f"http://127.0.0.1:{port}", environment.headers, file)
		try:
			wait_for(lambda: _answers(server), seconds=120, every=0.2)
			yield server
		finally:
			process.terminate()
			process.wait(timeout=30)


def _answers(server: WaitsServer) -> bool:
	try:
		answer = direct_session().get(f"{server.url}/api/method/ping", headers=server.headers, timeout=10)
	except requests.RequestException:
		return False
	return answer.status_code == 200
