// Exoceuticals Unmatched Variant: links the variant, creates an Item for it, ignores it, or takes that back.

frappe.provide("medgrid.desk.variants");

frappe.ui.form.on("Exoceuticals Unmatched Variant", {
	refresh(frm) {
		const { decide, may_decide, link, create } = medgrid.desk.variants;
		if (!may_decide()) return;
		const { name, status, decision, similar_item } = frm.doc;
		const done = () => frm.reload_doc();
		const add = (label, method) =>
			frm.add_custom_button(label, async () => (await decide(method, [name])) && done());
		if (status === "Open" || status === "Ignored") {
			frm.add_custom_button(__("Link"), () => link([name], similar_item, done));
			frm.add_custom_button(__("Create Item"), () => create([name], done));
		}
		if (status === "Open") add(__("Ignore"), "ignore_variants");
		if (decision) add(__("Reopen"), "reopen_variants");
	},
});
