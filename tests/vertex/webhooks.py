"""Shopify's webhooks to the connector, and records of what was booked."""

import json

import frappe

from medgrid.clients.shopify.signatures import sign_body
from tests.support.connector import APP_SECRET

WEBHOOK = "/api/method/medgrid.vertex.app_webhook"


def send(caller, content, topic="app/uninstalled", secret=APP_SECRET, **headers):
	body = content if isinstance(content, bytes) else json.dumps(content).encode()
	right = {
		"Content-Type": "application/json",
		"X-Shopify-Hmac-Sha256": sign_body(body, secret),
		"X-Shopify-Topic": topic,
		"X-Shopify-Shop-Domain": "other.myshopify.com",
	}
	return caller.request("POST", WEBHOOK, data=body, headers={**right, **headers})


def tax_document(shop, number, status, **values):
	row = {
		"doctype": "Vertex Tax Document",
		"merchant": shop.document().name,
		"kind": "Invoice",
		"status": status,
		"transaction_id": f"MGT-{frappe.generate_hash(length=20)}",
		"document_number": number,
		"reference_name": number,
		**values,
	}
	document = frappe.get_doc(row).insert(ignore_permissions=True)
	frappe.db.commit()
	return document.name
