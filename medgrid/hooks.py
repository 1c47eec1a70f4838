"""What MedGrid registers with Frappe."""

from medgrid import __version__

app_name = "medgrid"
app_title = "MedGrid"
app_publisher = "Skydell Medical"
app_description = "Catalog, vendor integrations and the Exoceuticals store of a medical wholesaler"
app_email = "support@medgrid.com"
app_license = "MIT"

# The long form: with the short one, `bench install-app` queries GitHub for the owner of "erpnext".
required_apps = ["frappe/erpnext"]

after_sync = ["medgrid.install.after_sync"]
after_migrate = ["medgrid.install.after_migrate"]
before_uninstall = "medgrid.install.before_uninstall"

# Every request passes the bounds and then, its user known, the gate on its way in, and the envelope on its
# way out; times are UTC both ways; portal pages get headers. Its time begins once its body is read.
before_request = [
	"medgrid.api.routes.clients.speak_json",
	"medgrid.api.request_bounds.check_request",
	"medgrid.services.outgoing.begin_request",
]
auth_hooks = ["medgrid.api.gate.check_request", "medgrid.api.routes.times_of_requests.read"]
after_request = [
	"medgrid.api.secrets.withheld.hide_address",
	"medgrid.services.outgoing.end_slot",
	"medgrid.api.envelope.apply",
	"medgrid.api.routes.headers.apply",
	"medgrid.api.routes.times_of_answers.apply",
	"medgrid.portal.headers.apply",
	"medgrid.portal.home.apply",
	"medgrid.desk.exports.apply",
]

get_website_user_home_page = "medgrid.portal.home.home_page_of"

# Frappe 15 fails at its own page if it could not read the request.
page_renderer = "medgrid.api.unparsed_requests.UnreadRequestPage"

# Entries in the sidebar of Frappe's and ERPNext's own portal pages. Not `standard_portal_menu_items`: Frappe
# removes those again unless they belong to a DocType.
portal_menu_items = [
	{"title": "MedGrid", "route": "/portal"},
	{"title": "Integrations", "route": "/portal/integrations", "role": "Supplier"},
	{"title": "Vendor orders", "route": "/portal/orders", "role": "Supplier"},
	{"title": "Catalog", "route": "/portal/catalog"},
	{"title": "User Settings", "route": "/portal/settings"},
]

# Desk escapes what others wrote where it shows it, and shows MedGrid's own times in UTC. A web server may let
# browsers keep the files for a year.
app_include_js = [
	f"/assets/medgrid/desk/foreign_text.js?v={__version__}",
	f"/assets/medgrid/desk/utc_times.js?v={__version__}",
]
extend_bootinfo = ["medgrid.desk.foreign_text.add_to_boot"]

# Buttons on forms in Desk. The first file contains what the others share.
doctype_js = {
	"Quotation": ["public/desk/exoceuticals.js", "public/desk/vertex.js", "public/desk/vertex_taxed.js"],
	"Sales Invoice": ["public/desk/exoceuticals.js", "public/desk/vertex.js", "public/desk/vertex_taxed.js"],
	"Sales Order": [
		"public/desk/exoceuticals.js",
		"public/desk/sales_order.js",
		"public/desk/vendors_and_store.js",
		"public/desk/vertex.js",
		"public/desk/vertex_taxed.js",
	],
	"Delivery Note": ["public/desk/exoceuticals.js", "public/desk/vendors_and_store.js"],
	"Supplier": [
		"public/desk/exoceuticals.js",
		"public/desk/supplier.js",
		"public/desk/vendors_and_store.js",
	],
	"Vendor Connection": ["public/desk/exoceuticals.js", "public/desk/vendor_connection.js"],
	"System Settings": ["public/desk/exoceuticals.js", "public/desk/system_settings.js"],
	"Exoceuticals Unmatched Variant": [
		"public/desk/exoceuticals.js",
		"public/desk/unmatched_variants.js",
		"public/desk/unmatched_variant.js",
	],
	"Vertex Settings": ["public/desk/vertex.js", "public/desk/vertex_settings.js"],
	"Vertex Merchant": [
		"public/desk/exoceuticals.js",
		"public/desk/vertex.js",
		"public/desk/vertex_merchant.js",
	],
	"Vertex Tax Document": [
		"public/desk/exoceuticals.js",
		"public/desk/vertex.js",
		"public/desk/vertex_tax_document.js",
	],
}
doctype_list_js = {
	"Exoceuticals Unmatched Variant": [
		"public/desk/exoceuticals.js",
		"public/desk/unmatched_variants.js",
		"public/desk/unmatched_variant_list.js",
	],
	"Supplier": ["public/desk/exoceuticals.js", "public/desk/supplier_list.js"],
	"Vertex Merchant": ["public/desk/vertex.js"],
	"Vertex Tax Document": ["public/desk/vertex.js"],
}

# The form of System Settings loads its values through the first method, the second shows passwords, and Link
# fields load their suggestions through the third.
override_whitelisted_methods = {
	"frappe.core.doctype.system_settings.system_settings.load": "medgrid.exoceuticals.settings_form.load",
	"frappe.client.get_password": "medgrid.api.secrets.passwords.get_password",
	"frappe.desk.search.search_link": "medgrid.desk.link_search.search_link",
}

doc_events = {
	"*": {
		"before_print": "medgrid.desk.printing.escape_foreign_text",
	},
	"Contact": {
		"autoname": "medgrid.contact.contact_names.choose",
	},
	"Quotation": {
		"before_insert": "medgrid.vertex.documents.events.before_insert",
		"before_validate": "medgrid.vertex.documents.events.before_validate",
		"validate": "medgrid.vertex.documents.events.validate",
		"before_update_after_submit": "medgrid.vertex.documents.events.keep",
		"before_cancel": "medgrid.vertex.documents.events.keep",
	},
	"Sales Invoice": {
		"on_submit": "medgrid.vertex.documents.events.on_submit",
		"on_cancel": "medgrid.vertex.documents.events.on_cancel",
		"before_insert": "medgrid.vertex.documents.events.before_insert",
		"before_validate": "medgrid.vertex.documents.events.before_validate",
		"validate": "medgrid.vertex.documents.events.validate",
		"before_update_after_submit": "medgrid.vertex.documents.events.keep",
		"before_cancel": "medgrid.vertex.documents.events.keep",
	},
	"Item": {
		"validate": "medgrid.orders.fields.keep_of_item",
	},
	"Sales Order": {
		"before_insert": "medgrid.vertex.documents.events.before_insert",
		"before_validate": "medgrid.vertex.documents.events.before_validate",
		"validate": ["medgrid.orders.fields.keep", "medgrid.vertex.documents.events.validate"],
		"before_update_after_submit": [
			"medgrid.orders.fields.keep",
			"medgrid.vertex.documents.events.keep",
		],
		"before_cancel": ["medgrid.orders.fields.keep", "medgrid.vertex.documents.events.keep"],
		"on_cancel": [
			"medgrid.integrations.shipstation.sales_order_events.note_cancellation",
			"medgrid.exoceuticals.orders.cancellations.warn",
			"medgrid.exoceuticals.orders.cancellations.note_cancellation",
		],
		"on_submit": [
			"medgrid.integrations.shipstation.sales_order_events.note_amendment",
			"medgrid.integrations.shipstation.due.register.note_due",
		],
		"on_update_after_submit": "medgrid.integrations.shipstation.due.register.note_due",
		"on_change": [
			"medgrid.integrations.shipstation.changes.events.note_change",
			"medgrid.exoceuticals.orders.changes.events.note_change",
		],
		"on_trash": "medgrid.integrations.shipstation.sales_order_events.forget_unsent",
	},
	"Address": {
		"on_update": [
			"medgrid.integrations.shipstation.changes.events.note_address_change",
			"medgrid.exoceuticals.orders.changes.events.note_address_change",
		],
	},
	"Delivery Note": {
		"before_submit": "medgrid.integrations.shipstation.parcels.delivery_notes.fill_before_submit",
	},
	"System Settings": {
		"validate": "medgrid.exoceuticals.settings_form.validate",
		"on_update": ["medgrid.exoceuticals.webhooks.secrets.mask", "medgrid.install.bring_jobs_back"],
		"before_validate": [
			"medgrid.exoceuticals.settings_form.tidy",
			"medgrid.exoceuticals.webhooks.secrets.keep_replaced",
			"medgrid.exoceuticals.connect.installation.note_typed_token",
		],
	},
	"Error Log": {
		"before_insert": "medgrid.core.faults.error_log.redact_error_log",
	},
}

# Its entries wait in Redis before they are inserted; no hook of a document runs there.
override_doctype_class = {
	"Error Log": "medgrid.core.faults.error_log.RedactedErrorLog",
}

make_email_body_message = ["medgrid.issues.list_unsubscribe.add_header"]

scheduler_events = {
	# At every tick of the scheduler.
	"all": [
		"medgrid.integrations.jobs.dispatch",
		"medgrid.exoceuticals.jobs.take_up_dead",
		"medgrid.exoceuticals.jobs.queue_due_orders",
		"medgrid.issues.mails.send_to_administrators",
		"medgrid.integrations.notices.do_not_ship.tell_overdue",
		"medgrid.integrations.notices.vendor_mails.send_to_vendors",
	],
	"cron": {
		"*/10 * * * *": [
			"medgrid.health.watch.check",
			"medgrid.integrations.shopify.uninstall_check.verify_waiting",
			"medgrid.exoceuticals.connect.uninstall.verify_waiting",
			"medgrid.vertex.merchants.uninstall.verify_waiting",
		],
		"*/5 * * * *": ["medgrid.vertex.jobs.roll_up_volume", "medgrid.vertex.jobs.book_due"],
	},
	"hourly": [
		"medgrid.integrations.shipstation.due.missed.register_missed",
		"medgrid.exoceuticals.jobs.queue_reconciliation",
		"medgrid.contact.inbox.deliver_overdue",
		"medgrid.issues.configuration.check",
		"medgrid.vertex.jobs.settle_bookings",
		"medgrid.vertex.jobs.search_unbooked",
		"medgrid.vertex.jobs.redact_requested",
	],
	"daily": [
		"medgrid.exoceuticals.jobs.queue_daily_syncs",
		"medgrid.webhooks.events.prune",
		"medgrid.issues.retention.prune",
		"medgrid.vertex.jobs.prune_volume",
		"medgrid.vertex.jobs.subscribe_missing",
	],
}

# Records of exchanges with other systems must not prevent the deletion of Items, Sales Orders and Suppliers.
ignore_links_on_delete = [
	"Integration Event",
	"Exoceuticals Order",
	"Integration Issue",
	"Sync Run",
	"Vendor Product",
	"Exoceuticals Unmatched Variant",
]

# Who has rows of Sales Orders: see medgrid/outbox/rows.py. Frappe does not read it.
medgrid_row_holders = [
	"medgrid.exoceuticals.orders.holdings.STORE",
	"medgrid.integrations.shipstation.due.holdings.VENDORS",
]

has_permission = {
	"Vendor Connection": "medgrid.medgrid.doctype.vendor_connection.vendor_connection.has_permission",
}
permission_query_conditions = {
	"Vendor Connection": (
		"medgrid.medgrid.doctype.vendor_connection.vendor_connection.permission_query_conditions"
	),
}

fixtures = [{"dt": "Custom Field", "filters": [["module", "=", "Medgrid"]]}]
