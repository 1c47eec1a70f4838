"""No RPC shows a stored secret of MedGrid's, to System Managers neither."""

import json

import pytest

from tests.support import store as stores
from tests.support.http import error

SECRET = "a-stored-secret-of-the-tests"


@pytest.fixture
def stored(site, connected, settings_kept):
	"""Each Password field of MedGrid's with a value: DocType, document, field."""
	from pydantic import SecretStr

	from medgrid.core.secrets import password_fields, write_secret

	places = [
		("Medgrid Settings", "Medgrid Settings", field) for field in password_fields("Medgrid Settings")
	]
	places += [
		("System Settings", "System Settings", field)
		for field in password_fields("System Settings", "exoceuticals_")
	]
	connection = connected.connection()
	places += [("Vendor Connection", connection, field) for field in password_fields("Vendor Connection")]
	for doctype, name, field in places:
		write_secret(doctype, name, field, SecretStr(SECRET))
	site.db.commit()
	return places


@pytest.fixture
def settings_kept(site):
	before = stores.configured()
	medgrid = site.db.sql("SELECT * FROM `__Auth` WHERE doctype = 'Medgrid Settings'", as_dict=True)
	yield
	site.db.rollback()
	stores.configure(**before)
	site.db.delete("__Auth", {"doctype": "Medgrid Settings"})
	for row in medgrid:
		site.db.sql(
			"INSERT INTO `__Auth` (doctype, name, fieldname, password, encrypted)"
			" VALUES (%(doctype)s, %(name)s, %(fieldname)s, %(password)s, %(encrypted)s)",
			row,
		)
	site.db.commit()


DOORS = [
	lambda caller, values: caller.post("frappe.client.get_password", **values),
	lambda caller, values: caller.get("frappe.client.get_password", **values),
	lambda caller, values: caller.request("POST", "/api/v2/method/frappe.client.get_password", json=values),
	lambda caller, values: caller.request("POST", "/", json={**values, "cmd": "frappe.client.get_password"}),
	lambda caller, values: caller.request(
		"POST", "/api/method/medgrid.api.secrets.passwords.get_password", json=values
	),
]


def test_no_door_shows_a_system_manager_a_stored_secret(manager, stored):
	for doctype, name, field in stored:
		for door in DOORS:
			answer = door(manager, {"doctype": doctype, "name": name, "fieldname": field})
			assert answer.status_code == 403, (doctype, field, answer.text)
			assert SECRET not in answer.text


@pytest.mark.parametrize(
	("doctype", "field"),
	[
		("System Settings", "Exoceuticals_Client_Secret"),
		("System Settings", "exoceuticals_client_secret "),
		("System Settings", "éxoceuticals_client_secret"),
		("system settings", "exoceuticals_client_secret"),
		("Sýstem Settings", "exoceuticals_client_secret"),
		("System Settings ", "exoceuticals_client_secret"),
		("medgrid settings", "shopify_client_secret"),
	],
)
def test_another_spelling_is_no_other_door(manager, stored, doctype, field):
	name = next(name for known, name, _field in stored if known.lower()[-8:] == doctype.strip().lower()[-8:])
	for spelled in (name, doctype):
		values = {"doctype": doctype, "name": spelled, "fieldname": field}
		answer = manager.post("frappe.client.get_password", **values)
		assert answer.status_code in (403, 404)
		assert SECRET not in answer.text


def test_the_refusal_is_that_of_a_vendor_connection(manager, stored):
	for doctype, name, field in stored:
		answer = manager.post("frappe.client.get_password", doctype=doctype, name=name, fieldname=field)
		assert error(answer, 403, "PermissionError") == "Credentials are never shown."


def test_reading_the_documents_shows_masks_only(manager, stored):
	for doctype, name in {(doctype, name) for doctype, name, _field in stored}:
		fields = json.dumps([field for kind, _name, field in stored if kind == doctype])
		answers = [
			manager.request("GET", f"/api/resource/{doctype}/{name}"),
			manager.request("GET", f"/api/v2/document/{doctype}/{name}"),
			manager.post("frappe.client.get", doctype=doctype, name=name),
			manager.post("frappe.client.get_value", doctype=doctype, filters=name, fieldname=fields),
			manager.post("frappe.desk.form.load.getdoc", doctype=doctype, name=name),
		]
		assert not any(SECRET in answer.text for answer in answers)


@pytest.mark.parametrize("doctype", ["User", "user", "USER", " User"])
def test_nobody_reads_the_password_of_a_merchant(manager, complete_shop, doctype):
	_username, password = complete_shop.basic()
	user = complete_shop.document().user
	for name in (user, user.upper(), f"{user} "):
		for door in DOORS:
			answer = door(manager, {"doctype": doctype, "name": name, "fieldname": "api_secret"})
			assert answer.status_code in (403, 404), answer.text
			assert password not in answer.text


def test_other_password_fields_are_frappes_matter(manager):
	values = {"doctype": "User", "name": manager.user.email, "fieldname": "api_secret"}
	assert manager.post("frappe.client.get_password", **values).json() == {"message": manager.user.api_secret}


@pytest.mark.parametrize("doctype", ["ShipStation Order", "Vendor Connection"])
def test_nobody_reads_fingerprints_of_accounts(manager, connected, site, doctype):
	answer = manager.request("GET", f'/api/resource/{doctype}?fields=["name","account"]')
	assert "account" not in json.dumps(answer.json().get("data"))
	name = connected.connection()
	assert "account" not in manager.request("GET", f"/api/resource/Vendor Connection/{name}").json()["data"]
