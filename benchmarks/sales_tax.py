"""Sales tax on ERPNext's own documents: what it costs to save a Sales Order that Vertex taxes."""

import itertools
from collections.abc import Callable

import frappe

from benchmarks import sales_tax_data, vertex_data
from benchmarks.measure import Figure, compare
from benchmarks.sales_tax_data import Scene

ROWS, ROUNDS = 10, 60
LIMIT_CHANGED, LIMIT_UNCHANGED = 1.5, 1.1


def run() -> list[Figure]:
	"""The times, as figures in milliseconds."""
	from sandbox.runtime.site import connected

	with connected():
		scene = sales_tax_data.prepare(ROWS)
		return [_changed(scene), _unchanged(scene)]


def _changed(scene: Scene) -> Figure:
	compared = compare("", _change(scene.taxed), _change(scene.untaxed), rounds=ROUNDS, limit=1)
	asked = scene.control.received(path=vertex_data.SUPPLIES)
	assert len(asked) >= ROUNDS, "Vertex was not asked"
	session, sent = vertex_data.direct_session(scene.control), vertex_data.sent(scene.control)

	def ask() -> None:
		url = f"{scene.control.url}{vertex_data.SUPPLIES}"
		session.post(url, data=sent, timeout=60).raise_for_status()

	vertex = compare("", ask, lambda: None, rounds=ROUNDS, limit=1).subject.median
	least = compared.reference.median + vertex
	title = f"saving a taxed Sales Order of {ROWS} lines, against the same untaxed and Vertex' own time"
	return Figure(title, "ms", compared.subject.median * 1000, least * 1000, LIMIT_CHANGED)


def _unchanged(scene: Scene) -> Figure:
	before = len(scene.control.received(path=vertex_data.SUPPLIES))
	compared = compare("", _touch(scene.taxed), _touch(scene.untaxed), rounds=ROUNDS, limit=1)
	assert len(scene.control.received(path=vertex_data.SUPPLIES)) == before, "Vertex was asked"
	title = "saving it again without a change, against the same untaxed"
	return Figure(
		title, "ms", compared.subject.median * 1000, compared.reference.median * 1000, LIMIT_UNCHANGED
	)


def _change(name: str) -> Callable[[], None]:
	quantities = itertools.cycle((2, 3))

	def save() -> None:
		document = frappe.get_doc("Sales Order", name)
		document.items[0].qty = next(quantities)
		document.save()
		_end()

	return save


def _touch(name: str) -> Callable[[], None]:
	def save() -> None:
		frappe.get_doc("Sales Order", name).save()
		_end()

	return save


def _end() -> None:
	"""What ends a request."""
	frappe.db.commit()
	frappe.local.message_log = []
