"""Password fields. Frappe's `__Auth` holds the encrypted secret; the row's field holds a mask, which shows
that there is a secret."""

from frappe.utils.password import get_decrypted_password, remove_encrypted_password, set_encrypted_password
from pydantic import SecretStr

from medgrid.core.redaction import MASK

__all__ = ["MASK", "forget_secret", "read_secret", "write_secret"]


def read_secret(doctype: str, name: str, fieldname: str) -> SecretStr | None:
	"""Reads and decrypts a Password field; None if it is empty."""
	value = get_decrypted_password(doctype, name, fieldname, raise_exception=False)
	return SecretStr(value) if value else None


def write_secret(doctype: str, name: str, fieldname: str, secret: SecretStr) -> None:
	"""Encrypts and stores a secret. The caller writes MASK to the row's field, with its other changes."""
	set_encrypted_password(doctype, name, secret.get_secret_value(), fieldname)


def forget_secret(doctype: str, name: str, fieldname: str) -> None:
	"""Deletes a secret. The caller empties the row's field."""
	remove_encrypted_password(doctype, name, fieldname)
