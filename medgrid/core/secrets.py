"""Secrets: Password fields, keyed fingerprints, and which secrets the current request or job has in its
hands.

Frappe's `__Auth` holds the encrypted value of a Password field; the row's field holds a mask, which shows
that there is a value.
"""

import hmac
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import frappe
from frappe.utils.password import (
	get_decrypted_password,
	get_encryption_key,
	remove_encrypted_password,
	set_encrypted_password,
)
from pydantic import SecretStr

from medgrid.core.redaction import MASK

__all__ = [
	"MASK",
	"fingerprint",
	"forget",
	"forget_secret",
	"known_secrets",
	"mask_passwords",
	"note_secret",
	"note_typed",
	"password_fields",
	"read_secret",
	"write_secret",
]


def read_secret(doctype: str, name: str, fieldname: str) -> SecretStr | None:
	"""Reads and decrypts a Password field; None if it is empty."""
	value = get_decrypted_password(doctype, name, fieldname, raise_exception=False)
	if not value:
		return None
	note_secret(value)
	return SecretStr(value)


def write_secret(doctype: str, name: str, fieldname: str, secret: SecretStr) -> None:
	"""Encrypts and stores a secret. The caller writes MASK to the row's field, with its other changes."""
	note_secret(secret.get_secret_value())
	set_encrypted_password(doctype, name, secret.get_secret_value(), fieldname)


def forget_secret(doctype: str, name: str, fieldname: str) -> None:
	"""Deletes a secret. The caller empties the row's field."""
	remove_encrypted_password(doctype, name, fieldname)


def forget(doctype: str, name: str | None = None, *, fields: Iterable[str] | None = None) -> None:
	"""Deletes all secrets of a document, or of all documents of a DocType, also of those that are gone. The
	caller commits.

	:param name: None: all documents.
	:param fields: only these Password fields; None: all.
	"""
	filters: dict[str, Any] = {"doctype": doctype}
	if name is not None:
		filters["name"] = name
	if fields is not None:
		filters["fieldname"] = ("in", list(fields))
	frappe.db.delete("__Auth", filters)


def password_fields(doctype: str, prefix: str = "") -> list[str]:
	"""The Password fields of a DocType.

	:param prefix: only those whose names begin so.
	"""
	fields = frappe.get_meta(doctype).get("fields", {"fieldtype": "Password"})
	return [field.fieldname for field in fields if field.fieldname.startswith(prefix)]


def note_typed(document: Any, fields: Iterable[str]) -> None:
	"""Remembers the secrets that somebody has typed into a form, before anything can fail with them."""
	for field in fields:
		if (
			(value := document.get(field))
			and isinstance(value, str)
			and not document.is_dummy_password(value)
		):
			note_secret(value)


def mask_passwords(document: Any, fields: Iterable[str]) -> None:
	"""Gives Password fields of a document that was saved a mask of fixed length. Frappe's has one asterisk
	for each character of the secret, in the database and in the document's versions.

	For the document's on_update, which comes before its version is made. The caller commits.
	"""
	changed = {field: MASK for field in fields if document.get(field) and document.get(field) != MASK}
	if changed:
		document.update(changed)
		if document.meta.issingle:
			frappe.db.set_single_value(document.doctype, changed, update_modified=False)
		else:
			frappe.db.set_value(document.doctype, document.name, changed, update_modified=False)


def fingerprint(purpose: str, value: str) -> str:
	"""A name for a secret or private value that tells nothing about it: its HMAC-SHA256 under the site's
	key, in hex. Equal values have equal names, on this site only.

	:param purpose: values of different purposes have different names.
	"""
	return hmac.new(get_encryption_key().encode(), f"{purpose}:{value}".encode(), sha256).hexdigest()


def note_secret(value: str) -> None:
	"""Remembers a plain secret until the end of this request or job, so that `core.redaction` knows it."""
	known_secrets().add(value)


def known_secrets() -> set[str]:
	"""The plain secrets that this request or job has read, written or received so far."""
	if (known := getattr(frappe.local, "medgrid_secrets", None)) is None:
		known = frappe.local.medgrid_secrets = set()
	return known
