"""The base URLs of other systems: `medgrid_endpoints` in site_config.json, else the real hosts."""

import frappe

REAL = {
	"shipstation": "https://ssapi.shipstation.com",
	"shopify": "https://{shop}",
	"sendblue": "https://api.sendblue.co",
}


def base_url(service: str, **parts: str) -> str:
	"""The base URL of a service, without a slash at its end.

	:param parts: the values of the placeholders in the URL, e.g. `shop`.
	"""
	address = (frappe.conf.get("medgrid_endpoints") or {}).get(service, REAL[service])
	return address.format(**parts).rstrip("/")
