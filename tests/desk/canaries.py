"""Text that a hostile system would send, in every field that holds such text, and what a page makes of it."""

import frappe

from medgrid.desk.foreign_text import foreign_fields
from tests.desk.desk import Desk

# Runs in each page before its own scripts.
SCRIPT = "window.canaries = []; window.xss = (label) => { window.canaries.push(label); };"
# What ran, and what would run at a click.
ACTIVE = """() => {
	const found = [...window.canaries];
	for (const element of document.querySelectorAll("*"))
		for (const { name, value } of element.attributes)
			if (/^on/i.test(name) ? value.includes("xss(") : /^\\s*javascript:.*xss/i.test(value))
				found.push(`${element.tagName} ${name}=${value}`);
	return found;
}"""
# What a person reads: the page, and what the visible fields of a form hold. The table in which Frappe 16
# compares two long texts has no-break spaces.
TEXT = """() => {
	const fields = [...document.querySelectorAll("input, textarea")].filter((field) => field.offsetParent);
	const texts = [document.body.innerText, ...fields.map((field) => field.value)];
	return texts.join("\\n").replaceAll("\\u00a0", " ");
}"""
READABLE = 'a < b & "c" R&D O\'Neill <b>d</b> &lt;e'
LABELS = range(101, 999)
PLANTED_TYPES = ("Data", "Small Text", "Text", "Long Text", "Code")


def canary(label: int) -> str:
	"""A text of at most 140 characters that runs if it is inserted as HTML, in an attribute, after entities
	were decoded or after tags were removed."""
	run = f"xss({label})"
	image = f"img src=x onerror={run}"
	return f'{READABLE}" onclick={run} <svg/onload={run}>&lt;{image}&gt;<{image} '


def short_canary(label: int) -> str:
	"""One for fields that do not hold a whole sentence; none looks for it on a page, but it must not run."""
	return f"<img src=x onerror=xss({label})>"


def planted_fields(doctype: str) -> list[str]:
	"""The fields of a DocType that a canary, or a short one, can be written to and that Desk shows."""
	meta = frappe.get_meta(doctype)
	names = foreign_fields().get(doctype, [])
	code = [df.fieldname for df in meta.fields if df.fieldtype == "Code" and meta.module == "Medgrid"]
	fields = [meta.get_field(name) for name in (*names, *code)]
	shown = [df for df in fields if df.fieldtype in PLANTED_TYPES and not df.permlevel]
	return [df.fieldname for df in shown if _holds(df, short_canary(LABELS.stop))]


def readable_fields(doctype: str) -> list[str]:
	"""Those of them that hold the readable text."""
	meta = frappe.get_meta(doctype)
	return [name for name in planted_fields(doctype) if _holds(meta.get_field(name), canary(LABELS.stop))]


def values(doctype: str) -> dict[str, str]:
	"""A canary for each of these fields, labelled with the field's number."""
	readable = readable_fields(doctype)
	return {
		name: (canary if name in readable else short_canary)(label)
		for label, name in zip(LABELS, planted_fields(doctype), strict=False)
	}


def _holds(df, text: str) -> bool:
	return not df.length or df.length >= len(text)


def plant(doctype: str, **more) -> str:
	"""A row of a DocType with a canary in each of these fields, written past Frappe's checks.

	:returns: its name.
	"""
	now = frappe.utils.now()
	name = f"mgt-canary-{frappe.generate_hash(length=8)}"
	row = {
		"name": name,
		"creation": now,
		"modified": now,
		"owner": "Administrator",
		"modified_by": "Administrator",
		**values(doctype),
		**more,
	}
	table = frappe.qb.DocType(doctype)
	frappe.qb.into(table).columns(*row).insert(*row.values()).run()
	return name


def show_all_columns(desk: Desk, names: list[str]) -> None:
	"""Makes the fields columns of the list that is open."""
	desk.page.evaluate(
		"""async (names) => {
			for (const df of cur_list.meta.fields) df.in_list_view = Number(names.includes(df.fieldname));
			cur_list.list_view_settings = { ...cur_list.list_view_settings, total_fields: 40 };
			cur_list.setup_fields();
			cur_list.setup_columns();
			cur_list.columns = cur_list.columns.filter((column) => column.type !== "Status");
			await cur_list.refresh();
		}""",
		names,
	)
	desk.settle()


def inspect(desk: Desk, *, fields: int, place: str) -> list[str]:
	"""What is wrong with the page that is open.

	:param fields: the number of fields whose text must be there.
	"""
	# Two cores may be busy with much else.
	for _attempt in range(240):
		readable = desk.page.evaluate(TEXT).count(READABLE)
		if readable >= fields:
			break
		desk.page.wait_for_timeout(250)
	# What ran may have needed a moment.
	desk.page.wait_for_timeout(300)
	wrong = [f"{place}: {active}" for active in desk.page.evaluate(ACTIVE)]
	if readable < fields:
		wrong.append(f"{place}: {readable} of {fields} fields are readable")
	return wrong
