"""The log `medgrid.vertex`: one line of JSON for each issue and each row of statistics that is stored.

The second contract marks Issue as *LogError* and DataVolume as *LogInfo*. See
docs/adr/0008-integration-issue.md.
"""

import json
import logging
from collections.abc import Mapping
from typing import Any

import frappe

from medgrid.core.clock import utc_now
from medgrid.core.redaction import mask_known
from medgrid.core.secrets import known_secrets
from medgrid.issues.records import Issue, Subject, open_issue
from medgrid.vertex.contract.issue_body import timestamp

LOGGER = "medgrid.vertex"


def record_issue(subject: Subject, **values: Any) -> Issue:
	"""Opens an issue outside of a request, and writes it to the log. The caller commits.

	:param subject: with a version and what the issue is about.
	:param values: see `open_issue`.
	"""
	issue = open_issue(subject, **values)
	log_issue(
		{
			"id": issue.name,
			"version": subject.version,
			"type": subject.issue_type,
			"title": values["title"],
			"status": values["status"],
			"detail": values["detail"],
			"timestamp": timestamp(utc_now()),
			"relatedTo": subject.related_to,
		}
	)
	return issue


def log_issue(body: Mapping[str, Any]) -> None:
	"""Writes an issue, at level error."""
	_logger().error(_line(body))


def log_data_volume(entry: Mapping[str, Any]) -> None:
	"""Writes a row of statistics, at level info."""
	_logger().info(_line(entry))


def _logger() -> Any:
	logger = frappe.logger(LOGGER, allow_site=True)
	# Frappe's default level logs errors only.
	logger.setLevel(logging.INFO)
	return logger


def _line(content: Mapping[str, Any]) -> str:
	return mask_known(json.dumps(content, ensure_ascii=False, default=str), known_secrets())
