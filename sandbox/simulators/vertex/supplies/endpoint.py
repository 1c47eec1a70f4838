"""A calculation from its body to what is answered and, of an invoice, booked."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from sandbox.simulators.common.messages import Request
from sandbox.simulators.vertex.access.clients import Company
from sandbox.simulators.vertex.errors import InvalidRequest
from sandbox.simulators.vertex.supplies import answers, taxes
from sandbox.simulators.vertex.supplies.models import Sale
from sandbox.simulators.vertex.supplies.reading import read, read_object

# Two prices of fifteen digits, multiplied, and more to round from.
DIGITS = 60


@dataclass(frozen=True)
class Calculation:
	"""
	:param sent: the request's object.
	:param data: what is answered below `data`, with Decimals.
	"""

	sale: Sale
	sent: dict[str, Any]
	data: dict[str, Any]

	def sums(self) -> dict[str, Decimal]:
		return {name: self.data[name] for name in ("subTotal", "totalTax", "total")}


def calculate(request: Request, companies: dict[str, Company], today: date) -> Calculation:
	"""
	:param today: the date of a document that says none.
	:raises ApiRefused: the body has not the specification's shape, or cannot be taxed.
	"""
	sent = read_object(request)
	sale = read(Sale, sent)
	if sale.sale_message_type == "DISTRIBUTE_TAX":
		raise InvalidRequest("The simulator distributes no taxes.", target="saleMessageType")
	company = _company(sale, companies)
	with localcontext() as context:
		context.prec = DIGITS
		data = answers.data(sale, sent, taxes.tax(sale, company))
	document_date = (sale.document_date or today).isoformat()
	return Calculation(
		sale, sent, {"saleMessageType": sale.sale_message_type, **data, "documentDate": document_date}
	)


def _company(sale: Sale, companies: dict[str, Company]) -> Company | None:
	code = sale.company()
	if code is None:
		return None
	if code not in companies:
		raise InvalidRequest(f"No taxpayer was found for the company {code}.", target="seller.company")
	return companies[code]
