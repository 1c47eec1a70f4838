// Vertex Merchant: says what is missing, tests the credentials at Vertex, and makes those of the merchant's API.

frappe.provide("medgrid.desk.vertex");

(() => {
	frappe.ui.form.on("Vertex Merchant", {
		setup(frm) {
			frm.set_query("tax_account", () => ({
				filters: { company: frm.doc.company, account_type: "Tax", is_group: 0, disabled: 0 },
			}));
			frm.set_query("cost_center", () => ({ filters: { company: frm.doc.company, is_group: 0 } }));
		},

		refresh(frm) {
			if (frm.is_new()) {
				frm.set_intro(
					__("Choose a company, enter its credentials at Vertex, save, then press Test."),
					"blue"
				);
				return;
			}
			show_state(frm);
			if (frm.doc.status === "Uninstalled") return;
			medgrid.desk.vertex.add_button(frm, __("Test"), () => test(frm));
			if (frm.doc.shop) {
				medgrid.desk.vertex.add_button(frm, __("New API credentials"), () => replace(frm));
			}
		},
	});

	function show_state(frm) {
		const problem = frm.doc.__onload?.medgrid_problem;
		if (problem) frm.set_intro(frappe.utils.escape_html(problem), "orange");
		else if (frm.doc.status === "Complete") frm.set_intro(__("Vertex accepts the credentials."), "green");
		else if (frm.doc.status === "Uninstalled") {
			frm.set_intro(__("The app was uninstalled. If the shop installs it again, this merchant goes on."), "blue");
		}
	}

	async function test(frm) {
		if (frm.is_dirty()) {
			medgrid.desk.vertex.show("orange", [__("Save the merchant first, then test it.")]);
			return;
		}
		const waiting = __("Asking Vertex for a token and a tax …");
		const tested = await medgrid.desk.vertex.call("test_merchant", { merchant: frm.doc.name }, waiting);
		if (tested) medgrid.desk.vertex.show("green", [__("Vertex accepts the credentials.")]);
		// Also a failed test changes the status.
		await frm.reload_doc();
	}

	function replace(frm) {
		frappe.confirm(__("The merchant's former password stops working at once. Make a new one?"), async () => {
			const waiting = __("Making a new password …");
			const made = await medgrid.desk.vertex.call("api_credentials", { shop: frm.doc.shop }, waiting);
			if (!made) return;
			medgrid.desk.vertex.show("green", [
				__("User name: {0}", [made.username]),
				__("Password: {0}", [made.password]),
				__("Nobody can read the password again. Give it to the merchant now."),
			]);
		});
	}
})();
