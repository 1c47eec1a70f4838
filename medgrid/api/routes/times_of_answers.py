"""The times in Frappe's answers to programs are UTC, to the second; and what MedGrid alone reads is left out.

See `time_fields`. Desk's own requests get what Frappe sends.
"""

import json
from functools import cache
from typing import Any

import frappe

from medgrid.api.commands import requested_command
from medgrid.api.routes.time_fields import Times, doctype_of, sent_text, times_of
from medgrid.core.faults.borders import hook
from medgrid.services.callers import is_program


@hook
def apply(response: Any, request: Any) -> None:
	"""Converts the times of an answer with documents. An `after_request` hook.

	:param response: werkzeug's, about to be sent; None: Frappe 15 sends one that hooks do not see.
	:param request: werkzeug's.
	"""
	if response is None or response.status_code != 200 or response.mimetype != "application/json":
		return
	if not is_program():
		return
	parameters = frappe.local.form_dict or {}
	doctype = doctype_of(request, requested_command(request.path, parameters), parameters)
	if doctype is None:
		return
	content = json.loads(response.get_data() or "null")
	if isinstance(content, dict | list):
		_write(content, doctype)
		response.set_data(json.dumps(content, separators=(",", ":"), ensure_ascii=False))


def _write(content: Any, doctype: str) -> None:
	known = cache(times_of)
	waiting = [(content, doctype)]
	while waiting:
		value, named = waiting.pop()
		if isinstance(value, list):
			waiting += [(each, named) for each in value if isinstance(each, dict | list)]
			continue
		own = value.get("doctype")
		named = own if isinstance(own, str) else named
		times = known(named)
		_write_table(value, times)
		for fieldname, each in list(value.items()):
			if fieldname in times.hidden:
				del value[fieldname]
			elif fieldname in times.fields:
				value[fieldname] = sent_text(each, in_utc=times.fields[fieldname])
			elif isinstance(each, dict | list):
				waiting.append((each, times.tables.get(fieldname, named)))


def _write_table(value: dict, times: Times) -> None:
	"""Rows of a list view, without names."""
	keys, rows = value.get("keys"), value.get("values")
	if not isinstance(keys, list) or not isinstance(rows, list):
		return
	places = [(place, key) for place, key in enumerate(keys) if isinstance(key, str)]
	for row in rows:
		for place, key in places if isinstance(row, list) and len(row) == len(keys) else []:
			if key in times.fields:
				row[place] = sent_text(row[place], in_utc=times.fields[key])
			elif key in times.hidden:
				row[place] = None
