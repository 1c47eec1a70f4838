"""Where the other sides are: `medgrid_endpoints` in site_config.json, else the real hosts."""

import frappe

REAL = {"shipstation": "https://ssapi.shipstation.com", "shopify": "https://{shop}"}


def base_url(service: str) -> str:
	"""The address of a service, without a slash at its end."""
	return (frappe.conf.get("medgrid_endpoints") or {}).get(service, REAL[service]).rstrip("/")
