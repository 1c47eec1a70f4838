"""Requests a quotation from Vertex while a document is saved, and writes the taxes. See
docs/adr/0049-quoted-before-validation.md and docs/sales-tax.md, "When Vertex cannot be asked".

No lock is held during the request: a new document is quoted before it gets its name, because its series is
locked from then on.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe
from frappe import _

from medgrid.clients.vertex.wire import SaleRequest
from medgrid.core.clock import stored_utc_now
from medgrid.core.transactions import renew_view
from medgrid.exceptions import MedgridError, RuleViolated
from medgrid.orders.taxes import to_text
from medgrid.services.desk_messages import refuse, show
from medgrid.services.failure_texts import failure_text
from medgrid.vertex import volume
from medgrid.vertex.documents import net_amounts, rows, tax_table
from medgrid.vertex.documents.lines import fingerprint
from medgrid.vertex.documents.request import CHARGED, charge_rows, quotation_of
from medgrid.vertex.documents.scope import SALES_INVOICE, Scope, scope_of
from medgrid.vertex.documents.stored import Quoted, is_as_stored, quoted_before, restore, restore_of_invoice
from medgrid.vertex.merchants.accounts import Stopwatch, account_of, vertex_client

QUOTED, OUT_OF_DATE = "Quoted", "Out of Date"
# All attempts of one save together, in seconds.
SECONDS = 10
# In the document's flags, which no client can set: the attempt of this save, and what it was about.
_FLAG, _BASIS = "medgrid_vertex", "medgrid_vertex_basis"
# What adds the rows of a template: of the document's own one, and of its POS Profile's.
_TEMPLATING = ("set_taxes_and_charges", "set_taxes")


@dataclass(frozen=True)
class Attempt:
	"""
	:param quoted: what counts.
	:param failure: why Vertex could not be asked; None: it was, or there was no need.
	"""

	quoted: Quoted
	failure: MedgridError | None = None


def quote(document, *, anew: bool = False) -> None:
	"""Replaces a document's tax rows by what Vertex says, if it is taxed.

	:param anew: whether Vertex is asked although nothing has changed.
	:raises frappe.ValidationError: Vertex cannot be asked, and the settings say that nothing is saved then.
	"""
	scope = scope_of(document)
	if scope is None:
		restore(document)
		return
	restore_of_invoice(document)
	before_naming: Attempt | None = document.flags.get(_FLAG) if document.is_new() else None
	if (before_naming or not anew) and _is_kept(document, scope, before_naming):
		return
	former = tax_table.take_off(document)
	messages = _prepare(document, scope)
	attempt = _attempt(document, scope, before_naming, anew)
	if document.is_new() and not before_naming:
		# Others have named documents of this series while Vertex was asked.
		renew_view()
	if attempt.failure is not None:
		_refuse_if_so_set(document, scope, attempt.failure)
		messages.append(_warning(attempt.failure))
	_write(document, scope, attempt, former)
	_note(document, attempt)
	net_amounts.note_filled_in(document)
	if before_naming:
		# They were shown already.
		return
	for message in messages:
		show(message, indicator="orange", alert=True)


def _is_kept(document, scope: Scope, before_naming: Attempt | None) -> bool:
	"""Keeps what a document has that is as it was when Vertex was asked. It is not computed anew: ERPNext
	does that while it validates, and `end` sees whether it comes to other amounts.

	:returns: whether it did; else the document is to be quoted.
	"""
	if before_naming:
		quoted = before_naming.quoted
		is_same = document.flags.get(_BASIS) == _basis(document)
	else:
		_set_date(document)
		quoted = quoted_before(document)
		is_same = bool(quoted.fingerprint) and is_as_stored(document)
	if not (is_same and quoted.fingerprint) or tax_table.other_taxes(document):
		return False
	if not tax_table.has(document, scope, _rows_of(document, scope, quoted)):
		return False
	if tax_table.item_templates(document, scope):
		return False
	try:
		request = quotation_of(document, scope)
	except MedgridError:
		return False
	if fingerprint(request) != quoted.fingerprint:
		return False
	if not before_naming:
		restore(document)
	_note(document, Attempt(quoted))
	return True


def _note(document, attempt: Attempt) -> None:
	"""Tells `end` what Vertex was asked about."""
	# ERPNext takes over a template's rows if there are none, and would do so on a document without tax.
	for name in _TEMPLATING:
		setattr(document, name, _nothing)
	document.flags[_FLAG], document.flags[_BASIS] = attempt, _basis(document)


def _set_date(document) -> None:
	"""ERPNext sets an invoice's date to today, unless people have set it: the rates of that day count."""
	getattr(document, "validate_auto_set_posting_time", _nothing)()


def _prepare(document, scope: Scope) -> list[str]:
	"""Makes prices, discounts, charges and net amounts final, and takes off what would tax a second time.

	:returns: what people are told.
	"""
	_set_date(document)
	net_amounts.fill_in(document)
	# ERPNext takes over the rows of a template while it validates, if there are none.
	getattr(document, "set_taxes_and_charges", _nothing)()
	moved = tax_table.discount_on_net_total(document)
	removed = tax_table.remove_other_taxes(document)
	tax_table.remove_item_templates(document, scope)
	net_amounts.calculate(document)
	return tax_table.messages_of(removed, moved)


def _nothing() -> None:
	pass


def end(document) -> None:
	"""ERPNext has validated the document. Vertex is asked again if amounts have changed since it was asked:
	ERPNext applies a Pricing Rule for the whole document last of all.

	:raises frappe.ValidationError: as `quote` does.
	"""
	net_amounts.forget_filled_in(document)
	for name in _TEMPLATING:
		document.__dict__.pop(name, None)
	attempt = document.flags.pop(_FLAG, None)
	basis = document.flags.pop(_BASIS, None)
	if attempt is not None and basis != _basis(document):
		_quote_again(document, attempt)


def _basis(document) -> tuple:
	"""The amounts and the date that decide the tax, as they stand."""
	return (
		document.currency,
		str(document.get("posting_date") or document.get("transaction_date")),
		[
			(row.item_code, float(row.qty or 0), float(row.net_amount or 0))
			for row in net_amounts.sold_rows(document)
		],
		[(row.description, float(row.get(CHARGED) or 0)) for row in charge_rows(document)],
	)


def _quote_again(document, attempt: Attempt) -> None:
	scope = scope_of(document)
	if scope is None:
		return
	former = tax_table.take_off(document)
	tax_table.discount_on_net_total(document)
	tax_table.remove_other_taxes(document)
	net_amounts.calculate(document)
	again = _attempt(document, scope, attempt, anew=False)
	if again.failure is not None and attempt.failure is None:
		_refuse_if_so_set(document, scope, again.failure)
		show(_warning(again.failure), indicator="orange", alert=True)
	_write(document, scope, again, former)
	_pay_in_advance(document)
	document.calculate_taxes_and_totals()
	if not document.get("is_return"):
		document.set_payment_schedule()
	document.set_total_in_words()


def _pay_in_advance(document) -> None:
	"""ERPNext has allocated advances to a total that is another one now."""
	if document.get("allocate_advances_automatically") and not document.get("is_pos"):
		net_amounts.calculate(document)
		document.set_advances()


def _attempt(document, scope: Scope, earlier: Attempt | None, anew: bool) -> Attempt:
	"""
	:param earlier: the attempt of the same save, if there was one: Vertex is not asked twice about the same.
	"""
	if earlier and earlier.failure:
		return earlier
	stored = earlier.quoted if earlier else quoted_before(document)
	try:
		_check_accounts(document, scope)
		request = quotation_of(document, scope)
		mark = fingerprint(request)
		if stored.fingerprint == mark and (earlier or not anew):
			return Attempt(stored)
		return Attempt(Quoted(mark, _ask(account_of(scope.merchant), request), stored_utc_now()))
	except MedgridError as error:
		return Attempt(Quoted(None, stored.taxes, stored.at), error)


def _ask(account: Any, request: SaleRequest) -> dict[int, dict[str, Decimal]]:
	stopwatch = Stopwatch()
	try:
		with vertex_client(account, seconds=SECONDS, observer=stopwatch) as client:
			return rows.line_taxes(client.calculate(request))
	finally:
		volume.count(volume.QUOTATION, stopwatch.seconds)


def _check_accounts(document, scope: Scope) -> None:
	if scope.prices_include_tax and not frappe.get_cached_value(
		"Company", document.company, "default_income_account"
	):
		raise RuleViolated(
			_("{0} has no Default Income Account, which prices that include the tax need.").format(
				document.company
			)
		)
	tax_table.check_shipping_rule(document, scope)


def _refuse_if_so_set(document, scope: Scope, failure: MedgridError) -> None:
	settings = scope.settings
	if document.doctype == SALES_INVOICE and document.docstatus == 1:
		refused = not settings.submit_without_tax
	else:
		refused = settings.block_save_without_tax
	if refused:
		refuse(
			_("The sales tax cannot be calculated: {0}").format(failure_text(failure)),
			title=_("Sales tax"),
		)


def _warning(failure: MedgridError) -> str:
	return _("The sales tax of this document is out of date: {0}").format(failure_text(failure))


def _write(document, scope: Scope, attempt: Attempt, former: list[Any]) -> None:
	quoted, failure = attempt.quoted, attempt.failure
	found = _rows_of(document, scope, quoted)
	tax_table.put(document, scope, found, former)
	document.vertex_status = QUOTED if failure is None else OUT_OF_DATE
	document.vertex_total_tax = float(rows.charged_tax(found))
	document.vertex_quoted_at = quoted.at
	document.vertex_error = failure_text(failure) if failure else None
	document.vertex_fingerprint = quoted.fingerprint
	document.vertex_line_taxes = to_text(quoted.taxes)


def _rows_of(document, scope: Scope, quoted: Quoted) -> list[rows.TaxRow]:
	return rows.tax_rows(
		quoted.taxes,
		one_row=scope.settings.tax_rows == "One row",
		places=frappe.get_precision("Sales Taxes and Charges", "tax_amount", currency=document.currency),
		is_included=scope.prices_include_tax,
	)
