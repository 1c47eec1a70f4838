"""What else must name an integration that can be synced."""

import json
import re
from pathlib import Path

from medgrid.integrations.operations import OPERATIONS
from medgrid.integrations.registry import REGISTRY, SYNCABLE

FORM = Path(__file__).resolve().parents[2] / "medgrid" / "public" / "desk" / "vendor_connection.js"


def test_the_integrations_of_the_contract_can_be_synced_and_have_their_operations():
	assert SYNCABLE == ("shipstation", "shopify"), 'contract, "sync_now"'
	assert tuple(OPERATIONS) == SYNCABLE


def test_desk_has_the_buttons_of_a_connection_that_can_be_synced():
	found = re.search(r"SYNCABLE = (\[.*?\]);", FORM.read_text(encoding="utf-8"))
	assert found and json.loads(found[1]) == list(SYNCABLE)


def test_each_integration_says_what_a_vendor_needs_to_know():
	for integration in REGISTRY.values():
		assert str(integration.label) and str(integration.tagline)
		assert integration.what_we_push or integration.what_we_pull
