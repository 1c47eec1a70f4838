"""A merchant of the bench site whose onboarding is complete, and what it sends."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

import frappe
import requests

from benchmarks import catalog_data
from medgrid.vertex.merchants import onboarding, records
from sandbox.demo.records import ensure
from sandbox.simulators.vertex.remote import VertexControl

COMPANY, SUPPLIES, TOKENS = "BENCH", "/vertex-ws/v2/supplies", "/oseries-auth/oauth/token"
MESA = {"city": "Mesa", "mainDivision": "AZ", "postalCode": "85201", "country": "US"}
CHICAGO = {"city": "Chicago", "mainDivision": "IL", "postalCode": "60610", "country": "US"}


@dataclass(frozen=True)
class Scene:
	"""
	:param shop: the merchant's.
	:param client_id: its client at Vertex.
	:param authorization: the header of a connector.
	"""

	shop: str
	client_id: str
	control: VertexControl
	authorization: str

	def sale(self, lines: int) -> dict[str, Any]:
		items = [
			{"id": str(number), "product": f"P{number}", "quantity": 2, "unitPrice": 28.5}
			for number in range(1, lines + 1)
		]
		return {"shop": self.shop, "currency": "USD", "destination": CHICAGO, "lineItems": items}

	def sent(self) -> bytes:
		"""The body of the last request for a calculation, as MedGrid has sent it."""
		return sent(self.control)


def sent(control: VertexControl) -> bytes:
	"""The body of the last request for a calculation, as MedGrid has sent it."""
	return json.dumps(control.received(path=SUPPLIES)[-1]["body"]).encode()


def prepare() -> Scene:
	"""A merchant with a client of its own, so that each run has its own tokens."""
	from sandbox.runtime.site import connected

	authorization = catalog_data.authorization()
	with connected():
		frappe.get_doc("User", catalog_data.USER).add_roles("Vertex Connector")
		frappe.db.commit()
		return _prepare(authorization)


def _prepare(authorization: str) -> Scene:
	control = VertexControl(frappe.conf.medgrid_endpoints["vertex"])
	shop, client_id = "bench-vertex.myshopify.com", f"bench-{secrets.token_hex(6)}"
	control.add_company(COMPANY)
	control.add_client(client_id, "bench-secret", kind="cloud")
	document = ensure("Vertex Merchant", {"shop": shop}, status="Incomplete", origin=json.dumps(MESA))
	document.update({"company_code": COMPANY, "deployment": "Cloud", "client_id": client_id})
	document.client_secret = "bench-secret"
	document.save()
	frappe.db.commit()
	onboarding.test(records.get(document.name))
	return Scene(shop, client_id, control, authorization)


def direct_session(control: VertexControl) -> requests.Session:
	"""Calls the simulator without MedGrid, with a token of another client's."""
	client_id, secret = f"direct-{secrets.token_hex(6)}", "direct-secret"
	control.add_client(client_id, secret, kind="on_demand")
	form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
	session = requests.Session()
	session.trust_env = False
	answer = session.post(f"{control.url}{TOKENS}", data=form, timeout=30)
	answer.raise_for_status()
	session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
	session.headers["Content-Type"] = "application/json"
	return session
