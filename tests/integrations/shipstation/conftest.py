"""Workers that really die."""

import json
import os
import signal

import pytest

from tests.support.waiting import wait_for

SYNC = "medgrid.integrations.jobs.sync_connection"


@pytest.fixture
def worker(environment, connected):
	"""`worker()`: a sync of the vendor's in a process of its own."""
	started = []

	def start():
		started.append(environment.process(SYNC, json.dumps(connected.connection())))
		return started[-1]

	yield start
	for process in started:
		if process.poll() is None:
			os.kill(process.pid, signal.SIGKILL)
		process.wait()


@pytest.fixture
def killed_worker(connected, worker):
	"""A sync in a process of its own that dies while ShipStation's answer to createorder is under way."""
	from tests.support.vendors import created

	def die(fault):
		before = created(connected)
		connected.shipstation.fault(fault, path="/orders/createorder", seconds=30)
		process = worker()
		try:
			wait_for(lambda: created(connected) > before)
		finally:
			os.kill(process.pid, signal.SIGKILL)
			process.wait()
		connected.shipstation.clear_faults()

	return die
