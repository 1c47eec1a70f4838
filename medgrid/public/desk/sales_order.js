// Sales Order: buttons to send it to the Exoceuticals store, to refresh its status and to open it in Shopify.
// The code is in a function, because Frappe puts the scripts of all apps for a form into one scope.

frappe.provide("medgrid.desk");

(() => {
	frappe.ui.form.on("Sales Order", {
		refresh(frm) {
			const is_seller = ["System Manager", "Sales Manager"].some((role) => frappe.user.has_role(role));
			if (!is_seller) return;
			if (frm.doc.exoceuticals_order_id) {
				medgrid.desk.add_button(frm, __("Refresh status"), () => refresh_status(frm));
				medgrid.desk.add_button(frm, __("Open in Shopify"), () => open_in_shopify(frm));
			} else if (frm.doc.docstatus === 1) {
				medgrid.desk.add_button(frm, __("Send to Exoceuticals"), () => confirm_sending(frm));
			}
		},
	});

	function confirm_sending(frm) {
		if (has_unsaved_changes(frm)) return;
		const name = frappe.utils.escape_html(frm.doc.name);
		frappe.confirm(__("Create an order for {0} in the Exoceuticals store?", [name]), () => send(frm));
	}

	async function send(frm) {
		const sent = await medgrid.desk.call(
			"POST",
			"sync_to_exoceuticals",
			{ sales_order: frm.doc.name },
			__("Sending to Exoceuticals …")
		);
		if (!sent) return;
		frm.reload_doc();
		const left_out = sent.left_out || [];
		const name = frappe.utils.escape_html(sent.exoceuticals_order_name);
		frappe.msgprint({
			title: __("Exoceuticals"),
			indicator: left_out.length ? "orange" : "green",
			message: [
				`<p>${__("Sent to Exoceuticals as {0}.", [name])}</p>`,
				left_out.length ? `<p>${__("Not sent, because Exoceuticals does not sell them:")}</p>` : "",
				medgrid.desk.list_of(left_out),
			].join(""),
			clear: true,
		});
	}

	async function refresh_status(frm) {
		if (has_unsaved_changes(frm)) return;
		const status = await medgrid.desk.call(
			"POST",
			"poll_exoceuticals_status",
			{ sales_order: frm.doc.name },
			__("Requesting the status from Shopify …")
		);
		if (!status) return;
		frm.reload_doc();
		frappe.show_alert({
			message: __("Exoceuticals: {0}", [frappe.utils.escape_html(status)]),
			indicator: "green",
		});
	}

	function open_in_shopify(frm) {
		medgrid.desk.open_tab(async () => {
			const link = await medgrid.desk.call("GET", "order_link", { sales_order: frm.doc.name });
			return link && link.url;
		});
	}

	/** Whether the form has unsaved changes, which would be lost when it is reloaded; shows a message if so. */
	function has_unsaved_changes(frm) {
		if (!frm.is_dirty()) return false;
		frappe.msgprint(__("Save or discard your changes first."));
		return true;
	}
})();
