"""Every way that Frappe has to read, count, change or mention a document: requests that name its DocType."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote


@dataclass(frozen=True)
class Request:
	"""
	:param query: for a GET.
	:param body: for everything else, sent as JSON.
	"""

	verb: str
	path: str
	query: dict[str, Any] = field(default_factory=dict)
	body: dict[str, Any] = field(default_factory=dict)


Door = Callable[[str, str], Request]


def _get(path: str, /, **query: Any) -> Request:
	return Request("GET", path, query=query)


def _post(path: str, /, **body: Any) -> Request:
	return Request("POST", path, body=body)


def _call(method: str, /, **query: Any) -> Request:
	return _get(f"/api/method/frappe.{method}", **query)


def _send(method: str, /, **body: Any) -> Request:
	return _post(f"/api/method/frappe.{method}", **body)


FIELDS = json.dumps(["name", "owner"])

DOORS: dict[str, Door] = {
	# REST
	"v1 document": lambda d, n: _get(f"/api/resource/{quote(d)}/{n}"),
	"v1 document, expanded": lambda d, n: _get(f"/api/resource/{quote(d)}/{n}", expand_links="True"),
	"v1 list": lambda d, n: _get(f"/api/resource/{quote(d)}", fields=FIELDS),
	"v1 list with a slash": lambda d, n: _get(f"/api/v1/resource/{quote(d)}/"),
	"v1 create": lambda d, n: _post(f"/api/resource/{quote(d)}", name=n),
	"v1 create from data": lambda d, n: _post("/api/resource/ToDo", data=json.dumps({"reference_type": d})),
	"v1 change": lambda d, n: Request("PUT", f"/api/resource/{quote(d)}/{n}", body={"owner": "x"}),
	"v1 delete": lambda d, n: Request("DELETE", f"/api/resource/{quote(d)}/{n}"),
	"v1 method": lambda d, n: _get(f"/api/resource/{quote(d)}/{n}", run_method="get_title"),
	"v2 document": lambda d, n: _get(f"/api/v2/document/{quote(d)}/{n}"),
	"v2 list": lambda d, n: _get(f"/api/v2/document/{quote(d)}"),
	"v2 create": lambda d, n: _post(f"/api/v2/document/{quote(d)}"),
	"v2 copy": lambda d, n: _get(f"/api/v2/document/{quote(d)}/{n}/copy"),
	"v2 method": lambda d, n: _get(f"/api/v2/document/{quote(d)}/{n}/method/get_title"),
	"v2 delete": lambda d, n: Request("DELETE", f"/api/v2/document/{quote(d)}/{n}"),
	"v2 count": lambda d, n: _get(f"/api/v2/doctype/{quote(d)}/count"),
	"v2 meta": lambda d, n: _get(f"/api/v2/doctype/{quote(d)}/meta"),
	"v2 module": lambda d, n: _get(f"/api/v2/method/{quote(d)}/get_list"),
	"v2 run_doc_method": lambda d, n: _post(
		"/api/v2/method/run_doc_method", method="get_title", document={"doctype": d, "name": n}
	),
	"the DocType's own document": lambda d, n: _get(f"/api/resource/DocType/{quote(d)}"),
	# frappe.client
	"client.get": lambda d, n: _call("client.get", doctype=d, name=n),
	"client.get by v2": lambda d, n: _get("/api/v2/method/frappe.client.get", doctype=d, name=n),
	"client.get by cmd": lambda d, n: _get("/", cmd="frappe.client.get", doctype=d, name=n),
	"client.get by cmd on a path": lambda d, n: _post(
		"/api/method/ping", cmd="frappe.client.get", doctype=d, name=n
	),
	"client.get of a DocType": lambda d, n: _call("client.get", doctype="DocType", name=d),
	"client.get_list": lambda d, n: _call("client.get_list", doctype=d, fields=FIELDS),
	"client.get_list of a parent": lambda d, n: _call("client.get_list", doctype="Has Role", parent=d),
	"client.get_count": lambda d, n: _call("client.get_count", doctype=d),
	"client.get_value": lambda d, n: _call("client.get_value", doctype=d, fieldname="name", filters=n),
	"client.get_single_value": lambda d, n: _call("client.get_single_value", doctype=d, field="owner"),
	"client.set_value": lambda d, n: _send("client.set_value", doctype=d, name=n, fieldname="x", value=1),
	"client.insert": lambda d, n: _send("client.insert", doc={"doctype": d}),
	"client.insert as text": lambda d, n: _send("client.insert", doc=json.dumps({"doctype": d})),
	"client.insert_many": lambda d, n: _send("client.insert_many", docs=json.dumps([{"doctype": d}])),
	"client.save": lambda d, n: _send("client.save", doc={"doctype": d, "name": n}),
	"client.bulk_update": lambda d, n: _send(
		"client.bulk_update", docs=json.dumps([{"doctype": d, "docname": n}])
	),
	"client.rename_doc": lambda d, n: _send("client.rename_doc", doctype=d, old_name=n, new_name="x"),
	"client.cancel": lambda d, n: _send("client.cancel", doctype=d, name=n),
	"client.delete": lambda d, n: _send("client.delete", doctype=d, name=n),
	"client.has_permission": lambda d, n: _call("client.has_permission", doctype=d, docname=n),
	"client.get_doc_permissions": lambda d, n: _call("client.get_doc_permissions", doctype=d, docname=n),
	"client.get_password": lambda d, n: _call("client.get_password", doctype=d, name=n, fieldname="x"),
	"client.validate_link": lambda d, n: _call("client.validate_link", doctype=d, docname=n),
	"client.is_document_amended": lambda d, n: _call("client.is_document_amended", doctype=d, docname=n),
	"client.attach_file": lambda d, n: _send(
		"client.attach_file", filename="x.txt", filedata="x", doctype=d, docname=n
	),
	# Desk
	"reportview.get": lambda d, n: _call("desk.reportview.get", doctype=d, fields=FIELDS),
	"reportview.get_list": lambda d, n: _call("desk.reportview.get_list", doctype=d, fields=FIELDS),
	"reportview.get_count": lambda d, n: _call("desk.reportview.get_count", doctype=d),
	"reportview.export": lambda d, n: _call(
		"desk.reportview.export_query", doctype=d, fields=FIELDS, file_format_type="CSV"
	),
	"reportview.get_stats": lambda d, n: _call("desk.reportview.get_stats", doctype=d, stats="[]"),
	"reportview.delete_items": lambda d, n: _send(
		"desk.reportview.delete_items", doctype=d, items=json.dumps([n])
	),
	"reportview by a filter": lambda d, n: _call(
		"desk.reportview.get",
		doctype="ToDo",
		fields=FIELDS,
		filters=json.dumps([[d, "name", "=", n]]),
	),
	"reportview by a table": lambda d, n: _call(
		"desk.reportview.get", doctype="ToDo", fields=json.dumps([f"`tab{d}`.`name`"])
	),
	"search_link": lambda d, n: _call("desk.search.search_link", doctype=d, txt=""),
	"search_link for a document": lambda d, n: _call(
		"desk.search.search_link", doctype="ToDo", txt="", reference_doctype=d
	),
	"search_widget": lambda d, n: _call("desk.search.search_widget", doctype=d, txt=""),
	"link title": lambda d, n: _call("desk.search.get_link_title", doctype=d, docname=n),
	"global search": lambda d, n: _call("utils.global_search.search", text="mgt", doctype=d),
	"getdoc": lambda d, n: _call("desk.form.load.getdoc", doctype=d, name=n),
	"getdoctype": lambda d, n: _call("desk.form.load.getdoctype", doctype=d),
	"docinfo": lambda d, n: _call("desk.form.load.get_docinfo", doctype=d, name=n),
	"timeline": lambda d, n: _call("desk.form.load.get_communications", doctype=d, name=n),
	"savedocs": lambda d, n: _send(
		"desk.form.save.savedocs", doc=json.dumps({"doctype": d, "name": n}), action="Save"
	),
	"run_doc_method": lambda d, n: _send("handler.run_doc_method", dt=d, dn=n, method="get_title"),
	"run_doc_method of a document": lambda d, n: _post(
		"/api/method/run_doc_method", docs=json.dumps({"doctype": d, "name": n}), method="get_title"
	),
	"comment": lambda d, n: _send(
		"desk.form.utils.add_comment",
		reference_doctype=d,
		reference_name=n,
		content="x",
		comment_email="x@example.com",
		comment_by="x",
	),
	"next document": lambda d, n: _call("desk.form.utils.get_next", doctype=d, value=n, prev=0),
	"assign": lambda d, n: _send(
		"desk.form.assign_to.add", doctype=d, name=n, assign_to=json.dumps(["Administrator"])
	),
	"share": lambda d, n: _send("share.add", doctype=d, name=n, user="Administrator"),
	"shared with": lambda d, n: _call("share.get_users", doctype=d, name=n),
	"follow": lambda d, n: _send(
		"desk.form.document_follow.update_follow", doctype=d, doc_name=n, following=1
	),
	"like": lambda d, n: _send("desk.like.toggle_like", doctype=d, name=n, add="Yes"),
	"tag": lambda d, n: _send("desk.doctype.tag.tag.add_tag", tag="x", dt=d, dn=n),
	"tagged": lambda d, n: _call("desk.doctype.tag.tag.get_tagged_docs", doctype=d, tag="x"),
	"linked documents": lambda d, n: _call("desk.form.linked_with.get", doctype=d, docname=n),
	"versions": lambda d, n: _get("/api/resource/Version", filters=json.dumps({"ref_doctype": d})),
	"comments": lambda d, n: _get("/api/resource/Comment", filters=json.dumps({"reference_doctype": d})),
	"files": lambda d, n: _get(
		"/api/resource/File", filters=json.dumps([["File", "attached_to_doctype", "=", d]])
	),
	"upload": lambda d, n: _post("/api/method/upload_file", doctype=d, docname=n, file_url="/files/x"),
	"dashboard chart": lambda d, n: _send(
		"desk.doctype.dashboard_chart.dashboard_chart.get",
		chart=json.dumps({"chart_type": "Count", "document_type": d, "based_on": "creation"}),
	),
	"number card": lambda d, n: _send(
		"desk.doctype.number_card.number_card.get_result",
		doc=json.dumps({"document_type": d, "function": "Count"}),
		filters="[]",
	),
	"user settings": lambda d, n: _call("model.utils.user_settings.get", doctype=d),
	"subscribe to a document": lambda d, n: _call("realtime.can_subscribe_doc", doctype=d, docname=n),
	# Print
	"printview": lambda d, n: _get("/printview", doctype=d, name=n),
	"PDF": lambda d, n: _call("utils.print_format.download_pdf", doctype=d, name=n),
	"PDFs": lambda d, n: _call(
		"utils.print_format.download_multi_pdf", doctype=json.dumps({d: [n]}), name="x"
	),
}
