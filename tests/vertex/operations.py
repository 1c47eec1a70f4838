"""A good call of each protected operation, and which callers may make it, for tables of callers."""

from collections.abc import Callable
from typing import Any

from tests.support.connector import MerchantShop, signed
from tests.support.vertex import MESA

Call = Callable[[MerchantShop], dict[str, Any]]


def _install(shop: MerchantShop) -> dict[str, Any]:
	query, hmac = signed(shop=shop.domain, timestamp="1678960003")
	return {"hmac": hmac, "requestData": query, "shop": shop.domain}


def _token(shop: MerchantShop) -> dict[str, Any]:
	values = {"code": "a-code", "shop": shop.domain}
	return {**values, "hmac": signed(**values)[1]}


def _onboarding(shop: MerchantShop) -> dict[str, Any]:
	credentials = {"companyCode": "X", "clientId": "unknown", "clientSecret": "unknown"}
	return {"shop": shop.domain, **credentials, "origin": MESA}


def _shop(shop: MerchantShop) -> dict[str, Any]:
	return {"shop": shop.domain}


CALLS: dict[str, Call] = {
	"app_install": _install,
	"shopify_token": _token,
	"tokens": _token,
	"shopify_onboarding": _onboarding,
	"shopify_tax_calculate": lambda shop: shop.sale(),
	"calculate_taxes": lambda shop: shop.sale(),
	"api_credentials": _shop,
	"issues": _shop,
	"data_volume": lambda shop: {},
	"health": lambda shop: {},
	"app_uninstall": _shop,
}

# What each kind may call for its own shop. Everything else is 403.
MAY = {
	"administrator": set(CALLS),
	"connector": set(CALLS) - {"health"},
	"bearer": set(CALLS) - {"health", "data_volume"},
	"merchant": set(CALLS) - {"health", "data_volume", "app_install", "shopify_token", "tokens"},
	"nobody in particular": set(),
}
