"""A private Redis on loopback, nothing written to disk; each site has two of its databases."""

from sandbox import layout, ports, state
from sandbox.services import processes

NAME = "redis"
# Redis has 16 unless it is told otherwise.
DATABASES = {site: (2 * number, 2 * number + 1) for number, site in enumerate(layout.ALL_SITES)}


def start() -> None:
	port = state.port(NAME)
	if not processes.pid_of(NAME) and ports.is_open(port):
		port = state.move_port(NAME)
	processes.start(
		NAME,
		["redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
		port=port,
	)


def urls(site: str) -> dict[str, str]:
	"""The addresses of a site's cache and queue."""
	cache, queue = DATABASES[site]
	base = f"redis://127.0.0.1:{state.port(NAME)}"
	return {"redis_cache": f"{base}/{cache}", "redis_queue": f"{base}/{queue}"}
