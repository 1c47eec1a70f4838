// Vendor Connection: says whose it is, and tests, syncs, pauses or resumes it for the vendor.

frappe.provide("medgrid.desk");

(() => {
	const SYNCABLE = ["shipstation", "shopify"];

	frappe.ui.form.on("Vendor Connection", {
		refresh(frm) {
			const { supplier, integration, account_name, status, paused_at, last_error } = frm.doc;
			const whose = [supplier, integration, account_name].filter(Boolean).join(" · ");
			frm.set_intro(frappe.utils.escape_html(last_error || whose), last_error ? "red" : "blue");
			const is_usable = supplier && SYNCABLE.includes(integration) && status !== "not_connected";
			if (!is_usable || !frappe.user.has_role("System Manager")) return;
			const add = (label, action, waiting, done) =>
				frm.add_custom_button(label, () => act(frm, action, waiting, done), "MedGrid");
			add(__("Test"), "test", __("Testing the connection …"), __("The connection works."));
			if (paused_at) {
				add(__("Resume"), "resume", __("Resuming …"), __("It is resumed; the next sync is queued."));
				return;
			}
			add(__("Sync"), "sync", __("Queueing a sync …"), __("The sync is queued."));
			add(__("Pause"), "pause", __("Pausing …"), __("It is paused until somebody resumes it."));
		},
	});

	async function act(frm, action, waiting, done) {
		const args = { connection: frm.doc.name, action };
		const outcome = await medgrid.desk.call("POST", "medgrid.integrations.act_for_vendor", args, waiting);
		if (!outcome) return;
		if (outcome.ok) frappe.show_alert({ message: done, indicator: "green" });
		else medgrid.desk.show_error(outcome.error);
		frm.reload_doc();
	}
})();
