"""The other sides: one simulator of each external service per site, on loopback."""

from dataclasses import dataclass

from sandbox import layout, state
from sandbox.fingerprint import fingerprint
from sandbox.services import ports, processes


@dataclass(frozen=True)
class Simulator:
	"""
	:param module: is run with `--port`, and has `server.start(port)` for tests on a bench.
	:param path: what `medgrid_endpoints` has after the host.
	:param demo_data: whether it takes `--demo`, for the demo site's.
	"""

	module: str
	path: str = ""
	demo_data: bool = False


SIMULATORS = {
	"shipstation": Simulator("sandbox.simulators.shipstation"),
	"shopify": Simulator("sandbox.simulators.shopify", "/{shop}", demo_data=True),
	"sendblue": Simulator("sandbox.simulators.sendblue"),
}
SOURCES = layout.ROOT / "sandbox" / "simulators"


def urls(site: str) -> dict[str, str]:
	"""Service and address, as `medgrid_endpoints` in site_config.json wants them."""
	return {
		service: f"http://127.0.0.1:{state.port(_name(service, site))}{simulator.path}"
		for service, simulator in SIMULATORS.items()
	}


def start(site: str) -> None:
	for service, simulator in SIMULATORS.items():
		name = _name(service, site)
		port = state.port(name)
		processes.start(
			name,
			[layout.PYTHON, "-m", simulator.module, "--port", port, *_options(simulator, site)],
			ready=lambda port=port: ports.is_open(port),
			environment=layout.python_environment(site),
			folder=layout.ROOT,
			version=fingerprint(SOURCES / service, SOURCES / "common"),
		)


def _options(simulator: Simulator, site: str) -> list[str]:
	return ["--demo"] if simulator.demo_data and site == layout.DEMO_SITE else []


def settle_ports(site: str) -> None:
	"""Gives another port to a simulator that does not run and whose port somebody has taken."""
	for service in SIMULATORS:
		name = _name(service, site)
		if not processes.pid_of(name) and ports.is_open(state.port(name)):
			state.move_port(name)


def _name(service: str, site: str) -> str:
	return f"{service} simulator {site}"
