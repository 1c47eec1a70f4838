"""What people decide about a variant that is not linked: they link it to an Item, create an Item for it, or
have it ignored. The catalog sync keeps it.

Each decision is a transaction of its own, so that one that is refused does not undo the others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import frappe
from frappe import _

from medgrid.core.clock import stored_utc_now
from medgrid.core.text import one_line
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exceptions import MedgridError, NotFound, NotPermitted, RuleViolated
from medgrid.exoceuticals.catalog.links import DOCTYPE as ITEM
from medgrid.exoceuticals.catalog.links import FIELDS, UNLINKED, items_linked_to
from medgrid.exoceuticals.catalog.unmatched import CLOSED, DOCTYPE, IGNORED, LINKED, OPEN

ENTRY_FIELDS = [
	"name",
	"status",
	"decision",
	"item",
	"similar_item",
	"sku",
	"product_title",
	"variant_title",
	"product_id",
	"variant_id",
	"inventory_item_id",
]
# A variant of a product with one variant has this title.
NO_TITLE = "Default Title"
MAX_NAME = 140


@dataclass
class Decided:
	"""The result of a decision about several variants.

	:param done: the names of the entries about which it was made.
	:param failed: why it was not made about the others, by the name of the entry.
	"""

	done: list[str] = field(default_factory=list)
	failed: dict[str, str] = field(default_factory=dict)


def for_each(names: Sequence[str], decide: Callable[[str], None]) -> Decided:
	"""Makes a decision about several variants. Commits after each.

	:param names: the names of entries.
	:raises MedgridError: about the only one.
	"""
	decided = Decided()
	for name in dict.fromkeys(names):
		try:
			in_transaction(partial(decide, name))
		except MedgridError as error:
			if len(names) == 1:
				raise
			decided.failed[name] = str(error)
		else:
			decided.done.append(name)
	return decided


def link(name: str, item: str | None = None) -> None:
	"""Links a variant to an Item. It must be the first statement of its transaction.

	:param name: the name of the entry.
	:param item: the name of the Item; None: the one whose code differs from the SKU in blanks or case only.
	:raises NotFound: there is no such entry or Item (404).
	:raises NotPermitted: the user may not change the Item (403).
	:raises RuleViolated: no Item is named, or it cannot be linked; the message says why (417).
	"""
	entry = _entry(name)
	target = item or entry.similar_item
	if not target:
		raise RuleViolated(
			_("No Item is similar to the SKU {0}. Choose the Item to link.").format(entry.sku or _("(none)"))
		)
	_check_item(target, entry.variant_id)
	_link(entry, target)


def create_item(name: str, item_group: str | None = None, stock_uom: str | None = None) -> None:
	"""Creates the Item whose code is a variant's SKU, and links the variant to it. It must be the first
	statement of its transaction.

	:param name: the name of the entry.
	:param item_group: None: the default of Stock Settings.
	:param stock_uom: None: the default of Stock Settings.
	:raises NotFound: there is no such entry (404).
	:raises NotPermitted: the user may not create Items (403).
	:raises RuleViolated: the variant has no SKU, there is such an Item, or ERPNext refuses it (417).
	"""
	entry = _entry(name)
	code = (entry.sku or "").strip()
	if not code:
		raise RuleViolated(_("The variant has no SKU. Enter one in Shopify, or link the variant to an Item."))
	if existing := entry.similar_item or frappe.db.exists(ITEM, code):
		raise RuleViolated(_("There is the Item {0}. Link the variant to it.").format(existing))
	if not frappe.has_permission(ITEM, "create"):
		raise _not_permitted()
	_link(entry, _insert_item(entry, code, item_group, stock_uom))


def ignore(name: str) -> None:
	"""Has a variant ignored. It must be the first statement of its transaction.

	:param name: the name of the entry.
	:raises NotFound: there is no such entry (404).
	:raises RuleViolated: the variant is linked (417).
	"""
	entry = _entry(name)
	if entry.status == LINKED or (entry.status == CLOSED and items_linked_to([entry.variant_id])):
		raise RuleViolated(_("The variant is linked to an Item. Only variants without one can be ignored."))
	_decide(entry, status=IGNORED, decision=IGNORED, item=None)


def reopen(name: str) -> None:
	"""Takes a decision back; a variant that was linked by hand is unlinked. The next catalog sync decides
	about it by its SKU. It must be the first statement of its transaction.

	:param name: the name of the entry.
	:raises NotFound: there is no such entry (404).
	:raises NotPermitted: the user may not change the linked Item (403).
	:raises RuleViolated: nobody decided about the variant (417).
	"""
	entry = _entry(name)
	if not entry.decision:
		raise RuleViolated(_("Nobody decided about this variant. There is nothing to take back."))
	if entry.decision == LINKED:
		_unlink(entry.variant_id)
	_decide(entry, status=OPEN, decision=None, item=None)


def _entry(name: str) -> Any:
	entry = locked_row(DOCTYPE, name, ENTRY_FIELDS)
	if not entry:
		raise NotFound(_("There is no Exoceuticals Unmatched Variant {0}.").format(name))
	return entry


def _check_item(name: str, variant: str) -> None:
	item = frappe.db.get_value(
		ITEM, name, ["name", "disabled", "has_variants"], as_dict=True, for_update=True
	)
	if not item:
		raise NotFound(_("There is no Item {0}.").format(name))
	if not frappe.has_permission(ITEM, "write", name):
		raise _not_permitted()
	if item.disabled:
		raise RuleViolated(_("The Item {0} is disabled. Enable it, then link it.").format(name))
	if item.has_variants:
		raise RuleViolated(_("The Item {0} is a template. Link one of its variants.").format(name))
	held = frappe.db.get_value(
		DOCTYPE, {"item": name, "decision": LINKED}, ["variant_id", "sku"], as_dict=True
	)
	if held and held.variant_id != variant:
		raise RuleViolated(
			_("The Item {0} was linked by hand to another variant (SKU {1}). Reopen that one first.").format(
				name, held.sku or held.variant_id
			)
		)


def _link(entry: Any, item: str) -> None:
	_unlink(entry.variant_id, but=item)
	ids = (entry.product_id, entry.variant_id, entry.inventory_item_id)
	frappe.db.set_value(ITEM, item, {name: value or None for name, value in zip(FIELDS, ids, strict=True)})
	_decide(entry, status=LINKED, decision=LINKED, item=item)


def _unlink(variant: str, but: str | None = None) -> None:
	for linked in items_linked_to([variant]):
		if linked.name != but:
			frappe.db.set_value(ITEM, linked.name, dict(UNLINKED))


def _decide(entry: Any, **values: Any) -> None:
	now = stored_utc_now()
	decided = {"decided_by": frappe.session.user, "decided_at": now, "last_seen": now}
	frappe.db.set_value(DOCTYPE, entry.name, {**values, **decided})


def _insert_item(entry: Any, code: str, item_group: str | None, stock_uom: str | None) -> str:
	defaults = frappe.db.get_singles_dict("Stock Settings")
	titles = [entry.product_title, entry.variant_title if entry.variant_title != NO_TITLE else None]
	values = {
		"item_code": code,
		"item_name": one_line(" – ".join(filter(None, titles)) or code, MAX_NAME),
		"item_group": item_group or defaults.get("item_group"),
		"stock_uom": stock_uom or defaults.get("stock_uom"),
	}
	missing = [
		label
		for label, name in ((_("Item Group"), "item_group"), (_("Default UOM"), "stock_uom"))
		if not values[name]
	]
	if missing:
		raise RuleViolated(_("Choose {0}, or set a default in Stock Settings.").format(", ".join(missing)))
	try:
		return frappe.get_doc({"doctype": ITEM, **values}).insert().name
	except frappe.PermissionError:
		raise _not_permitted() from None
	except (frappe.ValidationError, frappe.NameError, frappe.DuplicateEntryError) as error:
		frappe.clear_messages()
		raise RuleViolated(
			_("ERPNext does not take the Item {0}: {1}").format(code, frappe.utils.strip_html(str(error)))
		) from None


def _not_permitted() -> NotPermitted:
	frappe.clear_messages()
	return NotPermitted(_("You are not permitted to do this."))
