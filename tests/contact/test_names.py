"""Visitors whose names the database, or Frappe's numbering of Contacts, takes for the same."""

import frappe
import pytest

from tests.support.contact_form import leads, send
from tests.support.http import message
from tests.support.waiting import wait_for_jobs

ALIKE = {
	"accents": ["Jose Perez", "José Pérez", "JOSE PEREZ", "Jose\u0301 Perez", "josé perez"],
	"letters": ["Strasse Weiss", "Straße Weiß", "STRASSE WEISS", "Strasze Weiss"],
	"width": ["Ada Byron", "\uff21da Byron", "Ada  Byron", "ADA BYRON"],
	"patterns": ["A. (B) [C] \\d+", "A. (B) [C] \\D+", "Á. (b) [c] \\d+", "a. (b) [c] \\d+"],
	"numbers": ["Ada-1", "Áda-1", "Ada", "Áda", "ADA", "áda-1", "ada-2", "Ädä-2"],
	"length": ["A" * 100, "Á" * 100, "a" * 99 + "b", "Ä" * 100],
	"not latin": ["李小龙", "李小龍", "Наталья", "НАТАЛЬЯ", "και", "ΚΑΙ", "é\U0001f600", "é\U0001f601"],
}


@pytest.mark.parametrize("kind", ALIKE)
def test_each_becomes_a_lead_with_a_contact_at_the_first_attempt(anonymous, contact_form, sender, kind):
	names = ALIKE[kind]
	for number, name in enumerate(names):
		message(send(anonymous, f"{sender}.{number}@example.com", name=name))
		wait_for_jobs()
	assert contact_form.stored(sender) == []
	found = leads(f"{sender}%")
	assert len(found) == len(names)
	for number in range(len(names)):
		email = {"email_id": f"{sender}.{number}@example.com"}
		assert frappe.db.count("Contact Email", email) == 1
