"""The other sides: one simulator of each external service per site, on loopback."""

import json
from urllib.request import ProxyHandler, Request, build_opener

from sandbox import layout, ports, state
from sandbox.fingerprint import fingerprint
from sandbox.services import processes
from sandbox.simulators.common.control import PREFIX
from sandbox.simulators.table import SIMULATORS, Simulator

MEMORY = layout.HOME / "simulators"
SOURCES = layout.ROOT / "sandbox" / "simulators"


def urls(site: str) -> dict[str, str]:
	"""Service and address, as `medgrid_endpoints` in site_config.json wants them."""
	return {service: f"{address(site, service)}{simulator.path}" for service, simulator in SIMULATORS.items()}


def address(site: str, service: str) -> str:
	"""Where a simulator's page is, and below `/_control/` its commands."""
	return f"http://127.0.0.1:{state.port(_name(service, site))}"


def start(site: str) -> None:
	for service, simulator in SIMULATORS.items():
		name = _name(service, site)
		port, options = state.port(name), _options(simulator, site)
		# A simulator that seeds itself has its data from there.
		data = layout.DEMO_SOURCES if "--demo" in options else ()
		processes.start(
			name,
			[layout.PYTHON, "-m", "sandbox.simulators", service, "--port", port, *options],
			port=port,
			environment=layout.python_environment(site),
			folder=layout.ROOT,
			version=fingerprint(
				*(SOURCES / part for part in (simulator.package, "common", "operations", "__main__.py")),
				*data,
			),
		)


def _options(simulator: Simulator, site: str) -> list[str]:
	"""The demo site's begin with its data, and keep what they know: the site remembers it, too."""
	if site != layout.DEMO_SITE:
		return []
	memory = ["--memory", str(MEMORY / f"{simulator.package}.pickle")]
	return [*memory, "--demo"] if simulator.demo_data else memory


def make_hostile(site: str, mode: str) -> None:
	"""Makes all simulators of a site answer in a hostile mode until the next call, or until they end.

	:param mode: a name in `hostile.MODES`, or "none".
	"""
	for service in SIMULATORS:
		_command(site, service, "clear_faults")
		if mode != "none":
			_command(site, service, "hostile", mode=mode)


def _command(site: str, service: str, name: str, **parameters: str) -> None:
	request = Request(
		f"{address(site, service)}{PREFIX}{name}",
		data=json.dumps(parameters).encode(),
		headers={"Content-Type": "application/json"},
	)
	# A proxy from the environment cannot reach our loopback.
	build_opener(ProxyHandler({})).open(request, timeout=30).close()


def settle_ports(site: str) -> None:
	"""Gives another port to a simulator that does not run and whose port somebody has taken."""
	for service in SIMULATORS:
		name = _name(service, site)
		if not processes.pid_of(name) and ports.is_open(state.port(name)):
			state.move_port(name)


def _name(service: str, site: str) -> str:
	return f"{service} simulator {site}"
