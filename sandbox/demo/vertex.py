"""The simulated Vertex of the demo: Skydell Medical's company and client.

The simulator seeds itself from here when it serves the demo site (`--demo`): its memory ends with its
process. Nothing in here needs a site.
"""

from sandbox.demo.cast import VERTEX_CLIENT, VERTEX_COMPANY
from sandbox.simulators.vertex.remote import VertexControl


def seed(control: VertexControl) -> None:
	"""Fills a simulator that has just started."""
	control.add_company(VERTEX_COMPANY)
	control.add_client(*VERTEX_CLIENT, kind="cloud")
