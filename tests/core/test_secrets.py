"""What is left of a secret when it is replaced, removed, deleted with its document, or uninstalled."""

import hashlib
import json

import frappe

from medgrid import install
from medgrid.core import secrets
from medgrid.core.redis_keys import redis_key
from tests.support.http import message
from tests.support.traces import traces


def auth_rows(doctype: str, name: str) -> list[str]:
	frappe.db.rollback()
	rows = frappe.db.sql(
		"SELECT fieldname FROM `__Auth` WHERE doctype = %s AND name = %s ORDER BY fieldname", (doctype, name)
	)
	return [row[0] for row in rows]


def test_disconnecting_leaves_no_secret(connected):
	name = connected.connection()
	assert auth_rows("Vendor Connection", name) == ["api_key", "api_secret"]
	message(connected.caller.post("medgrid.integrations.disconnect", integration_type="shipstation"))
	assert auth_rows("Vendor Connection", name) == []
	row = frappe.db.get_value("Vendor Connection", name, ["api_key", "api_secret", "account"])
	assert row == (None, None, None)
	assert traces(connected.api_secret) == []


def test_a_deleted_connection_leaves_nothing_of_the_account(connected_shop, site):
	document = connected_shop.connection()
	token = connected_shop.token()
	site.db.set_value(
		"Vendor Connection", document.name, {"verified_phone": "+15557654321", "last_error": "mgt-error"}
	)
	site.db.commit()
	account, shop = document.account, document.shop
	site.delete_doc("Vendor Connection", document.name, ignore_permissions=True)
	site.db.commit()
	assert auth_rows("Vendor Connection", document.name) == []
	copy = site.db.get_value("Deleted Document", {"deleted_name": document.name}, "data")
	for private in (account, shop, token, "+15557654321", "mgt-error", "read_products"):
		assert private not in copy
	assert json.loads(copy)["user"] == connected_shop.user.email
	assert traces(token) == []


def test_a_deleted_order_of_a_vendor_leaves_no_fingerprint(site):
	document = site.get_doc(
		{
			"doctype": "ShipStation Order",
			"name": "mgt-deleted",
			"sales_order": "mgt-none",
			"account": "mgt-print",
		}
	)
	document.db_insert()
	site.delete_doc("ShipStation Order", document.name, ignore_permissions=True)
	copy = site.db.get_value("Deleted Document", {"deleted_name": document.name}, "data")
	assert "mgt-print" not in copy


def test_a_deleted_message_of_the_contact_form_leaves_no_words(site):
	document = site.get_doc({"doctype": "Contact Message", "words": "mgt-private-words"}).insert()
	site.delete_doc("Contact Message", document.name)
	assert "mgt-private-words" not in site.db.get_value(
		"Deleted Document", {"deleted_name": document.name}, "data"
	)


def test_uninstalling_leaves_no_secret_of_any_document_and_no_value_in_redis(connected, site):
	site.db.commit()
	mine = redis_key("limit", site.conf.db_name, "mgt", hashed="x")
	nonce = redis_key("shopify", site.local.site, "nonce", hashed="x")
	others = redis_key("limit", "another_database", "mgt", hashed="x")
	for key in (mine, nonce, others):
		site.cache.set(key, 1, ex=60)
	site.get_doc("Vendor Connection", connected.connection()).delete(ignore_permissions=True)
	secrets.write_secret("Vendor Connection", "mgt-orphan", "api_key", secrets.SecretStr("mgt-orphan-key"))
	install.forget_secrets()
	own = site.get_all("DocType", filters={"module": "Medgrid"}, pluck="name")
	assert not site.db.sql("SELECT name FROM `__Auth` WHERE doctype IN %s", (own,))
	assert not site.db.exists("Deleted Document", {"deleted_doctype": ("in", own)})
	assert [site.cache.get(key) for key in (mine, nonce, others)] == [None, None, b"1"]
	site.cache.delete(others)


def test_a_fingerprint_is_of_this_site_and_tells_nothing(connected, site):
	stored = site.db.get_value("Vendor Connection", connected.connection(), "account")
	plain = hashlib.sha256(f"shipstation:{connected.api_key}".encode()).hexdigest()
	assert plain[:40] not in stored
	assert stored != hashlib.sha256(plain[:40].encode()).hexdigest()
	assert secrets.fingerprint("a", "value") != secrets.fingerprint("b", "value")


def test_what_a_request_knows_is_forgotten_with_it(site):
	secrets.note_secret("mgt-known-secret")
	assert "mgt-known-secret" in secrets.known_secrets()
	del site.local.medgrid_secrets
	assert secrets.known_secrets() == set()
