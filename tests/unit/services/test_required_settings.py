"""What is said when a feature is used before it is set up."""

import pytest
from pydantic import SecretStr

from medgrid.exceptions import RuleViolated
from medgrid.services.required_settings import require_settings

SENTENCE = "Enter {0} in Medgrid Settings."


@pytest.mark.parametrize("empty", [None, "", SecretStr("")], ids=["None", "a text", "a secret"])
def test_the_settings_that_are_missing_are_named(empty):
	values = {"Client ID": "x", "Client Secret": empty, "Scopes": empty}
	with pytest.raises(RuleViolated, match=r"^Enter Client Secret, Scopes in Medgrid Settings\.$"):
		require_settings(SENTENCE, values)


def test_nothing_is_said_if_all_are_there():
	require_settings(SENTENCE, {"Client ID": "x", "Client Secret": SecretStr("y")})
