"""What an RQ worker does, in a process of its own: how long it takes, and how much memory."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import frappe

from benchmarks.measure import peak_mib

ROOT = Path(__file__).resolve().parents[1]
MEASURED = "benchmarks.worker.measured"


@dataclass(frozen=True)
class Run:
	"""
	:param answer: what the job returned.
	:param peak_mib: the most memory that the process has had.
	:param errors: the end of what it wrote to standard error.
	"""

	answer: Any
	seconds: float
	peak_mib: float
	errors: str


def run(job: str, argument: str) -> Run:
	"""
	:param job: the dotted name of a function.
	:raises AssertionError: the process failed.
	"""
	command = [sys.executable, "-m", "sandbox.runtime.site", "execute", MEASURED]
	arguments = [json.dumps(job), json.dumps(argument)]
	done = subprocess.run([*command, *arguments], capture_output=True, text=True, cwd=ROOT, env=os.environ)
	errors = done.stderr[-2000:]
	if done.returncode:
		raise AssertionError(f"{job} failed: {errors}")
	return Run(**json.loads(done.stdout[done.stdout.index("{") :]), errors=errors)


def measured(job: str, argument: str) -> dict[str, Any]:
	"""In the worker's process."""
	call = frappe.get_attr(job)
	started = time.monotonic()
	answer = call(argument)
	seconds = time.monotonic() - started
	return {"answer": answer, "seconds": seconds, "peak_mib": peak_mib()}
