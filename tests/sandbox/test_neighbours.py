"""Two checkouts on one machine, each with its sandbox, do not meet: no port, file or socket is both's."""

import socket
import sys
from pathlib import Path

import psutil
import pytest

from sandbox import layout, ports, state
from sandbox.console import SetupError
from sandbox.services import mariadb, processes, redis
from tests.sandbox.test_running_sandbox import all_processes

pytestmark = pytest.mark.stand_in

LISTENER = "import socket, time; s = socket.create_server(('127.0.0.1', {})); time.sleep(60)"
# Linux takes over a process' files: what the kernel and the terminal have is nobody's.
NOT_OURS = ("/dev/", "/proc/", "pipe:", "socket:", "anon_inode:", "/memfd:")


def listener(port):
	return [sys.executable, "-c", LISTENER.format(port)]


@pytest.fixture
def checkout(tmp_path, monkeypatch):
	"""`checkout(name)`: from now on this process is another checkout's."""

	def become(name):
		home = tmp_path / name
		monkeypatch.setattr(layout, "HOME", home)
		monkeypatch.setattr(layout, "LOGS", home / "logs")
		monkeypatch.setattr(state, "FILE", home / "state.json")
		monkeypatch.setattr(processes, "FOLDER", home / "run")

	used = []

	def change(name):
		used.append(name)
		become(name)

	yield change
	for name in set(used):
		become(name)
		for process in processes.recorded():
			processes.stop(process)


def test_a_port_that_another_checkout_took_meanwhile_is_no_sign_that_ours_is_ready(checkout):
	checkout("first")
	port = state.port("database")
	processes.start("database", listener(port), port=port)
	first = processes.pid_of("database")
	checkout("second")
	with pytest.raises(SetupError, match="database ended with status 1"):
		processes.start("database", listener(port), port=port)
	checkout("first")
	assert processes.pid_of("database") == first and ports.is_open_by(port, first)


def test_what_runs_in_one_checkout_is_neither_seen_nor_ended_by_the_other_one(checkout):
	checkout("first")
	processes.start("web", listener(state.port("web")), port=state.port("web"))
	pid = processes.pid_of("web")
	checkout("second")
	assert processes.recorded() == [] and processes.pid_of("web") is None
	assert processes.stop("web") is False
	assert psutil.pid_exists(pid)


def test_two_checkouts_have_passwords_and_keys_of_their_own(checkout):
	checkout("first")
	first = (state.password("mariadb root"), state.encryption_key("demo"))
	checkout("second")
	assert not set(first) & {state.password("mariadb root"), state.encryption_key("demo")}


def test_a_service_whose_port_somebody_has_taken_gets_another_one(checkout, monkeypatch):
	checkout("second")
	port = state.port(redis.NAME)
	with socket.create_server(("127.0.0.1", port)):
		redis.start()
		assert state.port(redis.NAME) != port
	assert ports.is_open_by(state.port(redis.NAME), processes.pid_of(redis.NAME))


def test_no_port_is_one_that_an_outgoing_connection_may_get():
	lowest, highest = map(int, Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
	chosen = [ports.free() for _each in range(20)]
	assert not [port for port in chosen if lowest <= port <= highest]
	assert not [port for port in chosen if ports.is_open(port)]


def test_a_free_port_is_one_that_can_be_listened_on(monkeypatch):
	with socket.create_server(("127.0.0.1", ports.LOWEST)):
		monkeypatch.setattr(ports, "HIGHEST", ports.LOWEST)
		with pytest.raises(OSError, match="is free"):
			ports.free()
	assert ports.free() == ports.LOWEST


def test_every_path_that_mariadb_is_started_with_is_in_this_checkout():
	paths = [option.partition("=")[2] for option in mariadb._command(1) if "/" in option]
	assert len(paths) >= 3
	assert [path for path in paths if not Path(path).is_relative_to(layout.HOME)] == []
	names = {option.partition("=")[0] for option in mariadb._command(1)}
	assert {"--datadir", "--tmpdir", "--socket", "--init-file"} <= names


def test_no_process_of_the_sandbox_writes_to_a_file_outside_of_the_checkout():
	outside = []
	for process in all_processes():
		try:
			opened = process.open_files()
		except psutil.NoSuchProcess:
			continue
		outside += [
			(process.name(), file.path)
			for file in opened
			if file.mode not in ("r", "rt", "rb")
			and not file.path.startswith(NOT_OURS)
			and not Path(file.path).is_relative_to(layout.ROOT)
		]
	assert outside == []


def test_no_process_of_the_sandbox_listens_on_a_socket_outside_of_the_checkout():
	"""Unix sockets: MariaDB's is in its data folder. The kernel lists a path as it was bound."""
	found = []
	for process in all_processes():
		folder = Path(f"/proc/{process.pid}/cwd")
		for connection in process.net_connections(kind="unix"):
			if connection.laddr and not connection.laddr.startswith("@"):
				found.append((folder.resolve() / connection.laddr).resolve())
	assert [path for path in found if not path.is_relative_to(layout.ROOT)] == []
