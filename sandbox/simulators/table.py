"""Which simulators there are. `common/__init__.py` says how another one is added.

This module is read before anything is installed: it imports the simulators only when they are asked for.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
	from sandbox.simulators.common.server import Service


@dataclass(frozen=True)
class Simulator:
	"""
	:param package: below `sandbox.simulators`; its module `service` has the SERVICE.
	:param path: what `medgrid_endpoints` has after the host.
	:param demo_data: the module whose `seed(control)` fills the demo site's simulator.
	"""

	package: str
	path: str = ""
	demo_data: str | None = None

	def service(self) -> "Service":
		return import_module(f"sandbox.simulators.{self.package}.service").SERVICE


# By the service's name in `medgrid_endpoints`.
SIMULATORS = {
	"shipstation": Simulator("shipstation", demo_data="sandbox.demo.shipstation"),
	"shopify": Simulator("shopify", "/{shop}", demo_data="sandbox.demo.shops"),
	"sendblue": Simulator("sendblue"),
	"vertex": Simulator("vertex", demo_data="sandbox.demo.vertex"),
}
