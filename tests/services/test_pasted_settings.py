"""What an administrator pastes into settings."""

import frappe
import pytest

from medgrid.services.pasted_settings import is_secret, trim


@pytest.mark.parametrize("around", ["", " ", "\t", "\r\n", "\u00a0", "\u200b", "\ufeff", "\u2028 \n"])
def test_what_cannot_be_seen_around_a_text_is_removed(around):
	assert trim(f"{around}key-1 2{around}") == "key-1 2"


@pytest.mark.parametrize("text", ["shpss_4f1c", "a" * 500, "!~", "********", ""])
def test_a_secret(text):
	assert is_secret(text)


@pytest.mark.parametrize("text", ["two words", "ключ", "a\u200bb", "a\nb", "“key”", "a\0b", "\ud800"])
def test_no_secret(text):
	assert not is_secret(text)


SETTINGS = {
	"Medgrid Settings": ("shopify_client_secret", "sendblue_api_secret_key", "sendblue_webhook_secret"),
	"System Settings": (
		"exoceuticals_client_secret",
		"exoceuticals_api_token",
		"exoceuticals_webhook_secret",
	),
}


@pytest.mark.parametrize(
	("doctype", "fieldname"), [(doctype, name) for doctype, names in SETTINGS.items() for name in names]
)
def test_secrets_are_trimmed_when_they_are_saved(site, doctype, fieldname):
	document = frappe.get_doc(doctype)
	document.set(fieldname, " shpss_4f1c\u200b\n")
	document.save()
	assert frappe.get_doc(doctype).get_password(fieldname) == "shpss_4f1c"
	document.set(fieldname, "“shpss 4f1c”")
	with pytest.raises(frappe.ValidationError, match="Copy it again"):
		document.save()
