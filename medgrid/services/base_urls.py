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
	return (configured_url(service) or REAL[service]).format(**parts).rstrip("/")


def configured_url(service: str) -> str | None:
	"""What `medgrid_endpoints` has for a service; None: the real hosts are used."""
	return (frappe.conf.get("medgrid_endpoints") or {}).get(service)
