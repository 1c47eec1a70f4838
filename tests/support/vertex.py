"""The simulated Vertex as the tests find it, and addresses in its tax areas. Nothing in here needs a site."""

from typing import Any

from sandbox.simulators.vertex.remote import VertexControl

COMPANY = "SKYDELL"
# Client id and secret, by the kind of the client.
CLIENTS = {
	"cloud": ("vertex-client-of-the-tests", "vertex-secret-of-the-tests"),
	"cloud_legacy": ("vertex-legacy-client-of-the-tests", "vertex-legacy-secret-of-the-tests"),
	"on_demand": ("0123456789ab.vertexinc.com", "vertex-on-demand-secret-of-the-tests"),
}


def _american(street: str, city: str, state: str, zip_code: str) -> dict[str, str]:
	return {
		"streetAddress1": street,
		"city": city,
		"mainDivision": state,
		"postalCode": zip_code,
		"country": "US",
	}


CHICAGO = _american("1420 N Lake Shore Dr", "Chicago", "IL", "60610")
MESA = _american("55 W Main St", "Mesa", "AZ", "85201")
SEATTLE = _american("325 9th Ave", "Seattle", "WA", "98104")
ASHEVILLE = _american("81 Patton Ave", "Asheville", "NC", "28801")
CORAL_GABLES = _american("2222 Ponce de Leon Blvd", "Coral Gables", "FL", "33134")
SAN_DIEGO = _american("1350 Front St", "San Diego", "CA", "92101")
NEW_YORK = _american("421 8th Ave", "New York", "NY", "10001")
DENVER = _american("1437 Bannock St", "Denver", "CO", "80202")
PORTLAND = _american("1221 SW 4th Ave", "Portland", "OR", "97201")
SAN_JUAN = _american("100 Calle San Francisco", "San Juan", "PR", "00901")
TORONTO = {"city": "Toronto", "mainDivision": "ON", "postalCode": "M5V 2T6", "country": "CA"}
VANCOUVER = {"city": "Vancouver", "mainDivision": "BC", "postalCode": "V6B 1A1", "country": "CA"}
MONTREAL = {"city": "Montréal", "mainDivision": "QC", "postalCode": "H2Y 1C6", "country": "CA"}


def set_up(control: VertexControl) -> None:
	"""Forgets everything, and adds the company and the clients."""
	control.reset()
	control.add_company(COMPANY)
	for kind, (client_id, client_secret) in CLIENTS.items():
		control.add_client(client_id, client_secret, kind)


def sale(destination: dict[str, str], *lines: dict[str, Any], **members: Any) -> dict[str, Any]:
	"""A request as MedGrid sends it, of a seller in Mesa.

	:param members: of the document, besides or instead.
	"""
	return {
		"saleMessageType": "QUOTATION",
		"transactionType": "SALE",
		"currency": {"isoCurrencyCodeAlpha": "USD"},
		"roundAtLineLevel": True,
		"seller": {"company": COMPANY, "physicalOrigin": MESA},
		"customer": {"customerCode": {"value": "Lakeside Family Clinic"}, "destination": destination},
		"lineItems": list(lines),
		**members,
	}


def goods(price: float, **members: Any) -> dict[str, Any]:
	return {"product": {"value": "VD3-5000-120"}, "extendedPrice": price, **members}


def freight(price: float, **members: Any) -> dict[str, Any]:
	return {"product": {"value": "Freight", "productClass": "SHIPPING"}, "extendedPrice": price, **members}
