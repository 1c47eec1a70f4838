"""Verifying a mobile number from the portal, against the Sendblue simulator."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.sendblue import PHONE, code_in, configure, entry, wrong


@pytest.fixture
def card(visit, vendor, sendblue):
	"""A vendor's card for text messages; its visitor is `card.visitor`."""
	visitor = visit(vendor.user)
	card = visitor.open("/portal/integrations").locator('[data-integration="sendblue"]')
	card.visitor = visitor
	return card


def send_code(card, phone):
	card.get_by_label("Mobile number").fill(phone)
	card.get_by_role("button", name="Send code").click()


def enter(card, code):
	card.get_by_label("Code from the message").fill(code)
	card.get_by_role("button", name="Verify").click()


def test_a_number_is_verified_with_the_code_that_was_sent_to_it(card, vendor, sendblue):
	send_code(card, "+1 (555) 123-4567")
	expect(card.get_by_role("status")).to_have_text(f"We sent a code to {PHONE}.")
	expect(card.get_by_label("Code from the message")).to_be_focused()
	card.visitor.keep_picture("phone-code")
	code = code_in(sendblue)
	enter(card, wrong(code))
	expect(card.get_by_label("Code from the message")).to_have_attribute("aria-invalid", "true")
	expect(card.get_by_label("Code from the message")).to_be_focused()
	enter(card, f"{code[:3]} {code[3:]}")
	expect(card.get_by_role("status")).to_have_text("Your phone number is verified.")
	expect(card.locator('[data-slot="status"]')).to_have_text("Connected")
	expect(card.locator('[data-stat="verified_phone"] dd')).to_have_text(PHONE)
	expect(card.get_by_label("Mobile number")).to_be_hidden()
	card.visitor.keep_picture("phone-verified")
	assert entry(vendor)["stats"]["verified_phone"] == PHONE


def test_what_is_no_number_is_said_at_the_field(card, sendblue):
	card.visitor.expected_errors = ["status of 400"]
	send_code(card, "nobody")
	expect(card.get_by_label("Mobile number")).to_have_attribute("aria-invalid", "true")
	expect(card.get_by_label("Mobile number")).to_be_focused()
	assert sendblue.sent(PHONE) == []


def test_a_code_can_be_entered_after_the_page_was_loaded_anew(card, sendblue):
	send_code(card, PHONE)
	expect(card.get_by_role("status")).to_contain_text("We sent a code")
	card.visitor.page.reload()
	card.get_by_role("button", name="I have a code").click()
	expect(card.get_by_label("Code from the message")).to_be_focused()
	card.get_by_role("button", name="Send a new code").click()
	expect(card.get_by_label("Mobile number")).to_be_focused()
	expect(card.get_by_role("status")).to_have_text("Enter your number to get a new code.")
	card.get_by_role("button", name="I have a code").click()
	enter(card, code_in(sendblue))
	expect(card.get_by_role("status")).to_have_text("Your phone number is verified.")
	expect(card.locator('[data-stat="alerts"]')).to_have_text(re.compile(r"^\s*Alerts\s*On\s*$"))
	card.visitor.page.reload()
	expect(card.locator('[data-stat="alerts"]')).to_have_text(re.compile(r"^\s*Alerts\s*On\s*$"))


def test_a_new_code_goes_to_the_same_number(card, sendblue):
	send_code(card, PHONE)
	expect(card.get_by_label("Code from the message")).to_be_focused()
	card.get_by_role("button", name="Send a new code").click()
	expect(card.get_by_label("Code from the message")).to_be_focused()
	expect(card.get_by_role("status")).to_have_text(f"We sent a code to {PHONE}.")
	expect(card.get_by_role("button", name="Send a new code")).not_to_have_attribute("aria-busy", "true")
	assert len(sendblue.sent(PHONE)) == 2


def test_another_number_can_be_used_before_the_code_is_entered(card):
	send_code(card, PHONE)
	card.get_by_role("button", name="Use another number").click()
	expect(card.get_by_label("Mobile number")).to_be_focused()
	expect(card.get_by_label("Code from the message")).to_be_hidden()


def test_what_is_assumed_of_a_number_and_how_long_a_code_is_good_are_said_at_the_fields(card):
	expect(card.get_by_label("Mobile number")).to_have_accessible_description(
		re.compile("without one, \\+1 is assumed")
	)
	send_code(card, "555 123 4567")
	expect(card.get_by_role("status")).to_have_text(f"We sent a code to {PHONE}.")
	expect(card.get_by_label("Code from the message")).to_have_accessible_description(
		"It is good for 10 minutes and 5 tries."
	)


def test_text_messages_that_are_not_set_up_offer_no_form_and_say_whom_to_ask(visit, vendor, sendblue):
	configure(sendblue_api_key_id="")
	card = visit(vendor.user).open("/portal/integrations").locator('[data-integration="sendblue"]')
	expect(card).to_contain_text("Text messages are not set up yet. Ask MedGrid to set up Sendblue.")
	expect(card.get_by_role("textbox")).to_have_count(0)
	expect(card.get_by_role("button")).to_have_count(0)
