"""Recognizes a request that Vertex has answered already. Pure. Design (Vertex): section 4.1."""

from hashlib import sha256

from medgrid.clients.vertex.wire import SaleRequest
from medgrid.http_client.json_writer import write_json

# They change nothing about the tax; `lineItemId` is not in a quotation, because a new row has no name.
_IGNORED = {"documentNumber", "transactionId", "saleMessageType"}


def fingerprint(request: SaleRequest) -> str:
	"""The SHA-256 of everything in a request that decides the tax."""
	body = request.model_dump(exclude_none=True, exclude=_IGNORED)
	for line in body["lineItems"]:
		line.pop("lineItemId", None)
	return sha256(write_json(body, sort_keys=True).encode()).hexdigest()
