// Sales Order, Delivery Note and Supplier: the panel "Vendors and store" with what became of the orders, and a button
// for each order that can be retried.

frappe.provide("medgrid.desk");

(() => {
	const DOCTYPES = ["Sales Order", "Delivery Note", "Supplier"];
	const READERS = [
		"System Manager",
		"Sales Manager",
		"Sales User",
		"Stock Manager",
		"Stock User",
		"Purchase Manager",
		"Purchase User",
	];
	const escape = (text) => frappe.utils.escape_html(text);

	// Frappe runs this file once for each of these forms.
	if (medgrid.desk.has_panels) return;
	medgrid.desk.has_panels = true;

	for (const doctype of DOCTYPES) {
		frappe.ui.form.on(doctype, {
			refresh(frm) {
				const may_read = READERS.some((role) => frappe.user.has_role(role));
				if (!may_read || frm.is_new() || frm.doc.docstatus === 0 && doctype === "Sales Order") return;
				show(frm);
			},
		});
	}

	async function show(frm) {
		const { doctype, name } = frm.doc;
		const panel = await read(doctype, name);
		// Somebody may have gone on to another document meanwhile.
		if (!panel || frm.doc.name !== name) return;
		const rows = [
			...panel.connections.map(connection_row),
			...panel.vendors.map((entry) => order_row(entry, doctype)),
			...panel.store.map((entry) => store_row(entry, doctype)),
		];
		if (!rows.length) return;
		const head = [__("Who"), __("State"), __("Reason"), __("Who acts"), __("Tries"), __("Tracking")];
		frm.dashboard.add_section(table(head, rows), __("Vendors and store"));
		frm.dashboard.show();
		if (!panel.may_retry) return;
		for (const entry of panel.vendors.filter((each) => each.can_retry && each.supplier)) {
			const about = doctype === "Supplier" ? entry.sales_order : entry.supplier;
			frm.add_custom_button(__("Retry {0}", [about]), () => retry(frm, entry), "MedGrid");
		}
	}

	/** The panel's data; null if the user may not read it, or MedGrid cannot be reached: the form works without it. */
	function read(doctype, name) {
		return new Promise((resolve) => {
			frappe.call({
				type: "GET",
				method: "medgrid.integrations.vendors_and_store",
				args: { doctype, name },
				silent: true,
				callback: (response) => resolve(response.message),
				error: () => resolve(null),
				always: () => resolve(null),
			});
		});
	}

	async function retry(frm, { sales_order, supplier }) {
		const method = "medgrid.integrations.retry_vendor_order";
		const done = await medgrid.desk.call("POST", method, { sales_order, supplier }, __("Retrying …"));
		if (!done) return;
		const message = done.retried
			? __("{0} is due again; it is sent within minutes.", [escape(sales_order)])
			: __("There is nothing to retry any more.");
		frappe.show_alert({ message, indicator: done.retried ? "green" : "orange" });
		frm.reload_doc();
	}

	function connection_row(connection) {
		const { name, integration, account, status, last_sync_at, last_error } = connection;
		const link = `<a href="${frappe.utils.get_form_link("Vendor Connection", name)}">${escape(integration)}</a>`;
		const synced = last_sync_at ? __("last sync {0} (UTC)", [last_sync_at]) : __("never synced");
		return [`${link} ${escape(account)}`, words(status), escape(last_error || synced), "", "", ""];
	}

	function order_row(entry, doctype) {
		const { record, sales_order, supplier, state, since, attempts } = entry;
		const who = doctype === "Sales Order" ? supplier || __("No vendor") : sales_order;
		// Desk is at /app in Frappe 15, at /desk in 16: a link to the other one leaves the page.
		const link = `<a href="${frappe.utils.get_form_link("ShipStation Order", record)}">${escape(who)}</a>`;
		const dated = since ? `${words(state)}<br><small>${__("since {0} (UTC)", [since])}</small>` : words(state);
		const reason = [entry.reason, next_attempt(entry)].filter(Boolean).map(escape).join("<br>");
		return [link, dated, reason, party(entry.who_acts), String(attempts), tracking(entry.parcels)];
	}

	function store_row(entry, doctype) {
		const { sales_order, order_name, state, reason, who_acts, attempts, tracking_number } = entry;
		const order = doctype === "Sales Order" ? order_name : [sales_order, order_name].filter(Boolean).join(" ");
		const who = `Exoceuticals ${escape(order || "")}`.trim();
		const number = escape(tracking_number || "");
		return [who, words(state), escape(reason || ""), party(who_acts), String(attempts), number];
	}

	function next_attempt({ next_attempt_at }) {
		return next_attempt_at ? __("Next attempt: {0} (UTC)", [next_attempt_at]) : "";
	}

	function tracking(parcels) {
		return parcels
			.filter((parcel) => !parcel.voided)
			.map(({ carrier, tracking_number, tracking_url }) => {
				const number = escape(tracking_number);
				// Made by MedGrid from the carrier's code, never another system's address.
				const shown = tracking_url
					? `<a href="${escape(tracking_url)}" target="_blank" rel="noopener noreferrer">${number}</a>`
					: number;
				return [escape(carrier || ""), shown].filter(Boolean).join(" ");
			})
			.join("<br>");
	}

	function table(head, rows) {
		const line = (cells, tag) => `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
		const body = rows.map((row) => line(row, "td")).join("");
		return `<div class="table-responsive"><table class="table table-bordered medgrid-panel">
			<thead>${line(head, "th")}</thead><tbody>${body}</tbody></table></div>`;
	}

	function party(who_acts) {
		const parties = {
			vendor: __("Vendor"),
			wholesaler: __("Wholesaler"),
			administrator: __("Administrator"),
		};
		return parties[who_acts] || "";
	}

	function words(state) {
		const states = {
			waiting: __("Waiting"),
			sending: __("Sending"),
			unknown: __("Outcome Unknown"),
			sent: __("Sent"),
			shipped: __("Shipped"),
			delivered: __("Delivered"),
			failed: __("Failed"),
			cancelled: __("Cancelled"),
			not_ours: __("Not Ours"),
			connected: __("Connected"),
			syncing: __("Syncing"),
			error: __("Needs attention"),
			paused: __("Paused"),
			not_connected: __("Not connected"),
		};
		return states[state] || escape(state);
	}
})();
