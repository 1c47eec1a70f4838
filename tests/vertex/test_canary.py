"""No secret, token, address or SQL is in any answer, Error Log, log, job or Redis value of MedGrid's."""

import json
from pathlib import Path

import frappe
import pytest

from tests.support.connector import APP_SECRET, CLIENT_SECRET, issue
from tests.support.rows import delete_rows
from tests.support.vertex import CHICAGO

STREET = "7731 Canary Row"
WRONG_SECRET = "wrong-canary-secret-91c7"
SUPPLIES = "/vertex-ws/v2/supplies"


@pytest.fixture
def since(site):
	delete_rows(("Error Log", {}))
	return site.utils.now()


def everything_logged(site):
	site.db.rollback()
	texts = [json.dumps(site.get_all("Error Log", fields=["*"]), default=str)]
	texts += [json.dumps(site.get_all("Integration Issue", {"integration": "vertex"}, ["*"]), default=str)]
	texts += [
		json.dumps(site.get_all("Version", fields=["*"], order_by="creation desc", limit=50), default=str)
	]
	for folder in (Path(site.get_site_path("logs")), Path(site.utils.get_bench_path()) / "logs"):
		for path in folder.glob("*medgrid*") if folder.exists() else []:
			texts.append(path.read_text(errors="replace"))
	for key in frappe.cache.scan_iter(match="*", count=1000):
		texts.append(key.decode(errors="replace"))
		if key.startswith(b"medgrid:") and frappe.cache.type(key) == b"string":
			texts.append((frappe.cache.execute_command("GET", key) or b"").decode(errors="replace"))
		elif b"error_log" in key.lower():
			texts.append(str(frappe.cache.lrange(key, 0, -1)))
	return "\n".join(texts)


def test_nothing_of_what_is_secret_or_personal_is_found_anywhere(site, since, complete_shop, vertex, manager):
	answers = []
	username, password = complete_shop.basic()
	destination = {**CHICAGO, "streetAddress1": STREET}
	sale = complete_shop.sale(destination=destination)
	answers.append(complete_shop.call("shopify_tax_calculate", **sale))
	answers.append(complete_shop.onboard_with(clientSecret=WRONG_SECRET))
	bad_place = {**destination, "mainDivision": "ZZ", "postalCode": "00000"}
	answers.append(complete_shop.call("calculate_taxes", **{**sale, "destination": bad_place}))
	for fault, options in (
		("status", {"status": 500}),
		("html_200", {}),
		("bad_sum", {}),
		("status", {"status": 401}),
	):
		vertex.fault(fault, path=SUPPLIES, times=4, **options)
		answers.append(complete_shop.call("calculate_taxes", **sale))
		vertex.clear_faults()
	answers.append(complete_shop.call("shopify_token", **complete_shop.redirect()))
	answers.append(manager.get("medgrid.vertex.health"))
	answers.append(manager.request("GET", f"/api/resource/Vertex Merchant/{complete_shop.document().name}"))
	# Frappe 15 would look for what is in no table among the values of Single DocTypes.
	site.db.sql_ddl("ALTER TABLE `tabVertex Merchant` RENAME COLUMN shop TO shop_away")
	try:
		fault = complete_shop.call("calculate_taxes", **sale)
		answers += [fault, complete_shop.onboard_with(clientSecret=WRONG_SECRET)]
	finally:
		site.db.sql_ddl("ALTER TABLE `tabVertex Merchant` RENAME COLUMN shop_away TO shop")
	assert "Stacktrace - " in issue(fault, 500)["detail"]

	from frappe.utils.password import get_decrypted_password

	name = complete_shop.document().name
	tokens = [
		get_decrypted_password("Vertex Merchant", name, field) for field in ("vertex_token", "shopify_token")
	]
	secrets = [APP_SECRET, CLIENT_SECRET, WRONG_SECRET, password, *tokens]
	said = "\n".join(answer.text for answer in answers)
	logged = everything_logged(site)
	for secret in [*secrets, "SELECT", "tabVertex"]:
		assert secret not in said, secret
	assert STREET not in said
	for secret in [*secrets, STREET]:
		assert secret not in logged, (
			secret,
			logged[max(0, logged.find(secret) - 300) : logged.find(secret) + 50],
		)
	assert username
