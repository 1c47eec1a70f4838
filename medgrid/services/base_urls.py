"""Where the other sides are: `medgrid_endpoints` in site_config.json, else the real hosts."""

import frappe

REAL = {
	"shipstation": "https://ssapi.shipstation.com",
	"shopify": "https://{shop}",
	"sendblue": "https://api.sendblue.co",
}


def base_url(service: str, **parts: str) -> str:
	"""The address of a service, without a slash at its end.

	:param parts: what replaces the braces in it, e.g. `shop`.
	"""
	address = (frappe.conf.get("medgrid_endpoints") or {}).get(service, REAL[service])
	return address.format(**parts).rstrip("/")
