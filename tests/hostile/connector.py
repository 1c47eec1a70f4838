"""The addresses of the second contract, with good requests to begin from, and its four kinds of callers."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any
from urllib.parse import quote

from medgrid.clients.shopify.signatures import sign_body
from medgrid.vertex.contract.operations import OPERATIONS, PREFIX
from medgrid.vertex.contract.tax_calculation import TaxCalculation
from tests.hostile import payloads
from tests.hostile.doors import Door, rpcs
from tests.hostile.forged import Forged
from tests.hostile.mutations import mutated, written
from tests.hostile.storm import Attacker
from tests.support import people
from tests.support.connector import APP_SECRET, MerchantShop, connector, signed
from tests.support.http import Caller
from tests.support.vertex import CHICAGO, MESA
from tests.vertex.operations import CALLS

# These would end the shop, or its credentials.
ENDING = ("app_uninstall", "api_credentials")
Samples = Mapping[str, Mapping[str, Any]]
PREFIXES = ("/api/method/", "/api/v1/method/", "/api/v2/method/")
# The members that RPCs read themselves, since Python has no such parameters.
MEMBERS = {
	"shopify_tax_calculate": ("shop", *TaxCalculation.model_fields),
	"calculate_taxes": ("shop", *TaxCalculation.model_fields),
	"data_volume": ("from", "to"),
	"app_open": ("shop", "hmac", "host", "timestamp"),
	"app_callback": ("shop", "hmac", "host", "timestamp", "code", "state", "error"),
}
TOPICS = ("app/uninstalled", "customers/data_request", "customers/redact", "shop/redact", "orders/create")


def parameters() -> dict[str, tuple[str, ...]]:
	"""The operations, and the members that each reads."""
	found = rpcs()
	return {name: (*found[PREFIX + name], *MEMBERS.get(name, ())) for name in OPERATIONS}


def doors(shop: MerchantShop) -> list[Door]:
	"""The operations at each address that Frappe has for them."""
	samples = _samples(shop)
	return [
		Door(f"{prefix}{PREFIX}{name}", names, f"{PREFIX}{name}", _forge(name, shop, samples))
		for name, names in parameters().items()
		for prefix in PREFIXES
	]


def attackers(shop: MerchantShop) -> list[Attacker]:
	"""The four kinds, and somebody without credentials."""
	every = doors(shop)
	own = [door for door in every if door.command.removeprefix(PREFIX) not in ENDING]
	callers = {
		"administrator": (Caller(shop.environment, people.manager()), every),
		"connector": (connector(shop.environment), every),
		"merchant": (shop.merchant(), own),
		"bearer": (shop.bearer(), own),
		"nobody": (Caller(shop.environment), every),
	}
	return [
		Attacker(
			name,
			{**shop.environment.headers, **_credentials(caller)},
			allowed,
		)
		for name, (caller, allowed) in callers.items()
	]


def _credentials(caller: Caller) -> dict[str, str]:
	written = caller.session.headers.get("Authorization")
	return {"Authorization": str(written)} if written else {}


def _forge(
	name: str, shop: MerchantShop, samples: Mapping[str, Mapping[str, Any]]
) -> Callable[[Random], Forged] | None:
	if name == "app_webhook":
		return lambda rng: _webhook(rng, shop)
	if OPERATIONS[name].is_public:
		return lambda rng: _signed_query(rng, shop)
	sample = None if name in ENDING else samples.get(name)
	return None if sample is None else lambda rng: _body(rng, sample)


def _samples(shop: MerchantShop) -> Samples:
	invoice = {
		**shop.sale(shipping=[{"id": "s", "title": "Ground", "price": 12.0, "discount": 1.0}]),
		"saleMessageType": "INVOICE",
		"documentNumber": "#hostile",
		"documentDate": "2026-11-25",
		"pricesIncludeTax": False,
		"customer": {"code": "C-1", "isBusiness": True, "exemptionCertificateNumber": "IL-1"},
		"origin": MESA,
		"destination": {**CHICAGO, "subDivision": "Cook"},
	}
	merchant = shop.document().name
	found = {name: call(shop) for name, call in CALLS.items()}
	return {
		**found,
		"shopify_tax_calculate": invoice,
		"calculate_taxes": {**invoice, "saleMessageType": "QUOTATION"},
		"data_volume": {"keyword": "quotation", "from": "2026-11-01", "to": "2026-12-01", "limit_start": 0},
		"issues": {"shop": shop.domain, "status": 503, "open": True, "limit_page_length": 20},
		"health": {"x": 1},
		"test_merchant": {"merchant": merchant},
		"quote_document": {"doctype": "Sales Order", "name": "no-such"},
		"retry_document": {"doctype": "Vertex Tax Document", "name": "no-such"},
	}


def _body(rng: Random, sample: Mapping[str, Any]) -> Forged:
	content = written(rng, mutated(rng, sample))
	return Forged("POST", "", {"Content-Type": "application/json"}, content)


def _webhook(rng: Random, shop: MerchantShop) -> Forged:
	sample = {
		"id": 1,
		"myshopify_domain": "mgt-hostile.myshopify.com",
		"shop_domain": shop.domain,
		"customer": {"id": 1, "email": "a@example.com", "phone": "1"},
		"orders_to_redact": [1, 2],
		"orders_requested": [3],
	}
	content = written(rng, mutated(rng, sample))
	headers = {
		"Content-Type": rng.choice(["application/json", "text/plain", "application/x-www-form-urlencoded"]),
		"X-Shopify-Hmac-Sha256": sign_body(content, APP_SECRET),
		"X-Shopify-Topic": rng.choice(TOPICS),
		"X-Shopify-Shop-Domain": rng.choice([shop.domain, "x", ""]),
	}
	return Forged("POST", "", headers, content)


def _signed_query(rng: Random, shop: MerchantShop) -> Forged:
	values = {"shop": shop.domain, "timestamp": "1678960003", "host": "aG9zdA", "code": "c", "state": "s"}
	values = {name: rng.choice([value, value, rng.choice(payloads.TEXTS)]) for name, value in values.items()}
	values = {name: value.encode(errors="replace").decode() for name, value in values.items()}
	query, hmac = signed(**values)
	return Forged(rng.choice(["GET", "GET", "HEAD"]), f"{query}&hmac={quote(hmac)}"[: payloads.MAX_QUERY])
