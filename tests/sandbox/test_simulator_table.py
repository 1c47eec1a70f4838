"""What every simulator of the table has, whatever it stands for."""

import subprocess
import sys
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import requests

from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.table import SIMULATORS

pytestmark = pytest.mark.stand_in

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=SIMULATORS)
def service(request):
	return SIMULATORS[request.param].service()


@pytest.fixture
def server(service):
	server = service.start()
	yield server
	server.stop()


@pytest.fixture
def control(service, server):
	return service.control(server.url)


def test_requests_are_in_the_journal_and_in_one_line_each(service, server, control):
	answer = requests.get(f"{server.url}/nowhere?a=b", timeout=5)
	assert answer.headers["Server"] == service.name
	[entry] = control.received()
	assert (entry["method"], entry["path"], entry["query"]) == ("GET", "/nowhere", {"a": "b"})
	assert entry["status"] == answer.status_code >= 400
	assert entry["time"] and abs(entry["timestamp"] - _server_time(answer)) < 5
	assert str(answer.status_code) in service.line(entry) and "\n" not in service.line(entry)


def _server_time(answer):
	return parsedate_to_datetime(answer.headers["Date"]).timestamp()


def test_faults_and_a_reset(server, control):
	control.fault("status", 2, status=503)
	assert requests.get(f"{server.url}/nowhere", timeout=5).status_code == 503
	assert [(fault["kind"], fault["times"]) for fault in control.faults()] == [("status", 1)]
	assert [entry["fault"] for entry in control.received()] == ["status"]
	control.reset()
	assert (control.faults(), control.received()) == ([], [])


def test_a_command_that_does_not_exist_is_found_out_before_it_is_sent(control):
	with pytest.raises(AttributeError, match="has no command 'explode'"):
		control.explode()
	with pytest.raises(TypeError, match="clear_faults takes 0 arguments and got 1"):
		control.clear_faults("all")
	assert not hasattr(control, "_simulator")


def test_a_command_that_is_sent_all_the_same_is_refused(control):
	for command in ("explode", "_simulator", "__init__", "_answer"):
		with pytest.raises(ControlRefused, match="There is no command"):
			control._call(command)
	with pytest.raises(ControlRefused, match="unexpected keyword argument 'all'"):
		control._call("clear_faults", all=True)


def test_only_the_demo_s_simulators_can_begin_with_its_data():
	command = [sys.executable, "-m", "sandbox.simulators", "sendblue", "--port", "1", "--demo"]
	done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
	assert done.returncode == 2
	assert "the demo has no data for sendblue" in done.stderr
