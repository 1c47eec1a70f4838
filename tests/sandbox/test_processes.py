"""Processes are started once, restarted when they changed, and ended by id only."""

import subprocess
import sys

import pytest

from sandbox.console import SetupError
from sandbox.services import processes

pytestmark = pytest.mark.stand_in

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def run_folder(tmp_path, monkeypatch):
	monkeypatch.setattr(processes, "FOLDER", tmp_path / "run")
	monkeypatch.setattr(processes.layout, "LOGS", tmp_path / "logs")
	yield tmp_path
	for name in processes.recorded():
		processes.stop(name)


def start(version="1", **options):
	processes.start("sleeper", SLEEPER, ready=lambda: True, version=version, **options)
	return processes.pid_of("sleeper")


def test_a_running_process_is_not_started_twice(run_folder):
	assert start() == start()


def test_a_process_of_another_version_is_restarted(run_folder):
	first = start("1")
	assert start("2") != first


def test_a_stopped_process_is_gone_and_stopping_again_is_fine(run_folder):
	start()
	assert processes.stop("sleeper") is True
	assert processes.pid_of("sleeper") is None
	assert processes.stop("sleeper") is False


def test_somebody_elses_process_with_the_same_id_is_left_alone(run_folder):
	stranger = subprocess.Popen(SLEEPER, start_new_session=True)
	try:
		processes._write("sleeper", {"pid": stranger.pid, "started": "1", "version": ""})
		assert processes.stop("sleeper") is False
		assert stranger.poll() is None
	finally:
		stranger.terminate()
		stranger.wait()


def test_a_process_that_ends_at_once_is_reported_with_its_log(run_folder):
	command = [sys.executable, "-c", "raise SystemExit('no such port')"]
	with pytest.raises(SetupError, match="broken ended with status 1") as caught:
		processes.start("broken", command, ready=lambda: False)
	assert caught.value.log is not None
	assert "no such port" in caught.value.log.read_text()


def test_a_process_that_never_gets_ready_is_ended_and_reported(run_folder):
	with pytest.raises(SetupError, match="was not ready"):
		processes.start("sleeper", SLEEPER, ready=lambda: False, seconds=0.3)
	assert processes.pid_of("sleeper") is None
