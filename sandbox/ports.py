"""Who listens on a loopback port, and which ports are free."""

import os
import random
import socket
from pathlib import Path

LISTENS = "0A"
# Below those of outgoing connections, one of which could take the port of a service that is down.
LOWEST, HIGHEST = 10_000, 32_000
TRIES = 1000


def is_open(port: int) -> bool:
	with socket.socket() as probe:
		probe.settimeout(1)
		return probe.connect_ex(("127.0.0.1", port)) == 0


def is_open_by(port: int, pid: int | None) -> bool:
	"""Whether it is this process that listens: an open port may be another checkout's service.

	:param pid: None: no process.
	"""
	return pid is not None and bool(_listening(port) & _sockets(pid))


def free() -> int:
	"""A port that nobody listens on.

	:raises OSError: there is none.
	"""
	for _try in range(TRIES):
		port = random.randint(LOWEST, HIGHEST)
		if _binds(port):
			return port
	raise OSError(f"no port between {LOWEST} and {HIGHEST} is free")


def _binds(port: int) -> bool:
	with socket.socket() as probe:
		try:
			probe.bind(("127.0.0.1", port))
		except OSError:
			return False
	return True


def _listening(port: int) -> set[str]:
	"""The inodes of the sockets that listen on a port, as the kernel lists them."""
	rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
	return {row[9] for row in rows if row[3] == LISTENS and int(row[1].rpartition(":")[2], 16) == port}


def _sockets(pid: int) -> set[str]:
	"""The inodes of a process' sockets; none if it has ended."""
	found = set()
	try:
		links = list(Path(f"/proc/{pid}/fd").iterdir())
	except OSError:
		return set()
	for link in links:
		try:
			target = os.readlink(link)
		except OSError:
			continue
		if target.startswith("socket:["):
			found.add(target[len("socket:[") : -1])
	return found
