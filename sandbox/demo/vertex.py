"""The simulated Vertex of the demo: Skydell Medical's company, and its clients.

The simulator seeds itself from here when it serves the demo site (`--demo`) and remembers
nothing of an earlier process. Nothing in here needs a site.
"""

from sandbox.demo.cast import EXAMPLES_CLIENT, VERTEX_CLIENT, VERTEX_COMPANY
from sandbox.simulators.vertex.remote import VertexControl


def seed(control: VertexControl) -> None:
	"""Fills a simulator that has just started."""
	control.add_company(VERTEX_COMPANY)
	for client in (VERTEX_CLIENT, EXAMPLES_CLIENT):
		control.add_client(*client, kind="cloud")
