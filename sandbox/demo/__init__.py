"""Demo data for a site, and the demo itself (`python -m sandbox.demo`).

Data flow: `load()` → `catalog` (company, warehouses, items, prices, stock) → `people` (suppliers, customers,
users) → `orders` → `settings` → `merchants` (of the tax connector; the simulators must run). Everything is
looked up before it is made: loading twice changes nothing.
"""


def load() -> None:
	"""Loads the demo data into the site that this process is connected to."""
	from sandbox.demo import catalog, merchants, orders, people, settings

	catalog.load()
	people.load()
	catalog.link_vendors()
	orders.load()
	settings.load()
	merchants.load()
