"""Whether vendors can connect an integration: some need settings of the site first."""

from collections.abc import Callable
from typing import Any

from medgrid.exceptions import RuleViolated
from medgrid.integrations.registry import Integration
from medgrid.integrations.sendblue.settings import api_keys
from medgrid.integrations.shopify.app import vendor_app

# By the integration's id: reads the settings, and raises RuleViolated if one is missing.
SETTINGS: dict[str, Callable[[], Any]] = {"shopify": vendor_app, "sendblue": api_keys}


def missing_set_up(integration: Integration) -> str | None:
	"""Why vendors cannot connect an integration yet, and whom they ask, in a sentence; None: they can."""
	read = SETTINGS.get(integration.id)
	try:
		if read:
			read()
	except RuleViolated as error:
		return str(error)
	return None
