"""The simulated ShipStation of the demo: an account for each vendor. Nothing in here needs a site."""

from sandbox.demo.cast import VENDORS, shipstation_keys
from sandbox.simulators.shipstation.remote import ShipStationControl


def seed(control: ShipStationControl) -> None:
	"""Fills a simulator that remembers nothing of an earlier process."""
	for vendor in VENDORS:
		control.add_account(*shipstation_keys(vendor))
