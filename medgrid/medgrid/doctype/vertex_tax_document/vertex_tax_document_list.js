// Vertex Tax Document: what is booked, and the action that sends the chosen ones again.
// The code is in a function, because Frappe puts the scripts of all lists into one scope. The call before it
// ends a script that comes first and has no semicolon at its end.

frappe.provide("medgrid.desk.vertex");

(() => {
	const COLORS = {
		Committed: "green",
		Pending: "blue",
		Sending: "yellow",
		"In Doubt": "orange",
		Failed: "red",
		Void: "gray",
	};

	frappe.listview_settings["Vertex Tax Document"] = {
		add_fields: ["status", "mismatch"],

		get_indicator(doc) {
			if (doc.status === "Committed" && doc.mismatch) return [__("Mismatch"), "orange", "mismatch,=,1"];
			return [__(doc.status), COLORS[doc.status] || "gray", `status,=,${doc.status}`];
		},

		onload(list) {
			if (!["System Manager", "Accounts Manager"].some((role) => frappe.user.has_role(role))) return;
			list.page.add_actions_menu_item(__("Retry"), () => retry(list), false);
		},
	};

	async function retry(list) {
		const chosen = list.get_checked_items().filter((doc) => ["Pending", "Failed"].includes(doc.status));
		if (!chosen.length) {
			medgrid.desk.vertex.show("orange", [__("None of the chosen documents is Pending or Failed.")]);
			return;
		}
		await medgrid.desk.vertex.each(
			list,
			chosen,
			(doc) =>
				medgrid.desk.vertex.send("retry_document", { doctype: "Vertex Tax Document", name: doc.name }),
			(doc) => __("{0}: Vertex is asked to book it.", [doc.name])
		);
	}
})();
