"""The operations of contract B: which command is one, and what an answer calls it."""

import pytest

from medgrid.vertex.contract.operations import (
	MAX_TYPE,
	OPERATIONS,
	PREFIX,
	described_operation,
	find_operation,
	is_ours,
)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_found_by_its_command(name):
	assert find_operation(PREFIX + name) is OPERATIONS[name]
	assert described_operation(PREFIX + name) is OPERATIONS[name]


@pytest.mark.parametrize(
	"command",
	[None, "", "medgrid.vertex", "medgrid.vertexes.tokens", "frappe.ping", "tokens", "Medgrid.vertex.tokens"],
)
def test_other_commands_are_not_ours(command):
	assert is_ours(command) is False
	assert find_operation(command) is None


@pytest.mark.parametrize("name", ["nothing", "", "tokens.", "TOKENS", "tokens "])
def test_an_unknown_name_is_ours_and_described_by_itself(name):
	assert is_ours(PREFIX + name) is True
	assert find_operation(PREFIX + name) is None
	assert described_operation(PREFIX + name).type == name.strip()


def test_a_long_name_with_line_breaks_is_described_in_one_short_line():
	described = described_operation(PREFIX + "a\nb" * 200).type
	assert len(described) <= MAX_TYPE
	assert "\n" not in described


def test_only_what_has_a_signature_is_public():
	assert {name for name, operation in OPERATIONS.items() if operation.is_public} == {
		"app_open",
		"app_callback",
		"app_webhook",
	}


def test_a_page_is_only_read():
	pages = [operation for operation in OPERATIONS.values() if operation.is_page]
	assert pages and all(operation.verbs == ("GET", "HEAD") for operation in pages)
