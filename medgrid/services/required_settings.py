"""What is said when a feature is used before an administrator has set it up. Pure."""

from collections.abc import Mapping

from pydantic import SecretStr

from medgrid.exceptions import RuleViolated


def require_settings(sentence: str, values: Mapping[str, str | SecretStr | None]) -> None:
	"""Checks that a feature is set up.

	:param sentence: what to do, translated, with {0} for the names of the settings that are missing, if
		the reader knows settings.
	:param values: the settings that the feature needs, by the name that an administrator knows them by.
	:raises RuleViolated: some are empty; the sentence may name all of them.
	"""
	missing = [name for name, value in values.items() if not value]
	if missing:
		raise RuleViolated(sentence.format(", ".join(missing)))
