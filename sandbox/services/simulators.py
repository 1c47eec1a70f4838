"""The other sides: one simulator of each external service per site, on loopback."""

from sandbox import layout, state
from sandbox.fingerprint import fingerprint
from sandbox.services import ports, processes

# Service -> the module that is its simulator.
MODULES = {"shipstation": "sandbox.simulators.shipstation"}
SOURCES = layout.ROOT / "sandbox" / "simulators"


def urls(site: str) -> dict[str, str]:
	"""Service and address, as `medgrid_endpoints` in site_config.json wants them."""
	return {service: f"http://127.0.0.1:{state.port(_name(service, site))}" for service in MODULES}


def start(site: str) -> None:
	for service, module in MODULES.items():
		name = _name(service, site)
		port = state.port(name)
		processes.start(
			name,
			[layout.PYTHON, "-m", module, "--port", port],
			ready=lambda port=port: ports.is_open(port),
			environment=layout.python_environment(site),
			folder=layout.ROOT,
			version=fingerprint(SOURCES / service, SOURCES / "common"),
		)


def settle_ports(site: str) -> None:
	"""Gives another port to a simulator that does not run and whose port somebody has taken."""
	for service in MODULES:
		name = _name(service, site)
		if not processes.pid_of(name) and ports.is_open(state.port(name)):
			state.move_port(name)


def _name(service: str, site: str) -> str:
	return f"{service} simulator {site}"
