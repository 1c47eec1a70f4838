"""Whether something listens on a loopback port."""

import socket


def is_open(port: int) -> bool:
	with socket.socket() as probe:
		probe.settimeout(1)
		return probe.connect_ex(("127.0.0.1", port)) == 0
