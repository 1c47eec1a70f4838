"""What the stand-in's Lead does when an integration makes one, as ERPNext's own."""

import frappe
import pytest

pytestmark = pytest.mark.stand_in


def lead(**values):
	return frappe.get_doc({"doctype": "Lead", **values})


def test_full_name_becomes_first_middle_and_last_name(site):
	made = lead(lead_name="Ada Byron King Lovelace").insert()
	assert (made.first_name, made.middle_name, made.last_name) == ("Ada", "Byron King", "Lovelace")
	assert (made.title, made.status) == ("Ada Byron King Lovelace", "Lead")


def test_company_is_the_title_and_a_lead_without_any_name_is_refused(site):
	assert lead(lead_name="Ada", company_name="Engines").insert().title == "Engines"
	with pytest.raises(frappe.ValidationError, match="person's name or an organization's name"):
		lead().insert()


def test_address_in_use_is_refused_whatever_its_case_unless_the_settings_allow_it(site):
	lead(lead_name="One", email_id="mgt.used@example.com").insert()
	with pytest.raises(frappe.DuplicateEntryError, match="must be unique"):
		lead(lead_name="Two", email_id="MGT.used@example.com").insert()
	frappe.db.set_single_value("CRM Settings", "allow_lead_duplication_based_on_emails", 1)
	assert lead(lead_name="Two", email_id="MGT.used@example.com").insert().name


@pytest.mark.parametrize("wanted", [1, 0])
def test_contact_comes_with_the_lead_if_the_settings_say_so(site, wanted):
	frappe.db.set_single_value("CRM Settings", "auto_creation_of_contact", wanted)
	made = lead(lead_name="Ada King", email_id="mgt.contact@example.com", phone="+1 312 555 0142").insert()
	link = {"link_doctype": "Lead", "link_name": made.name, "parenttype": "Contact"}
	contacts = frappe.get_all("Dynamic Link", filters=link, pluck="parent")
	assert len(contacts) == wanted
	for contact in contacts:
		assert frappe.db.get_value("Contact", contact, ["email_id", "phone"]) == (
			"mgt.contact@example.com",
			"+1 312 555 0142",
		)
