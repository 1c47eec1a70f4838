// Supplier: invites people to the portal, and shows who has access.

frappe.provide("medgrid.desk");

(() => {
	const GROUP = "MedGrid";

	frappe.ui.form.on("Supplier", {
		refresh(frm) {
			if (frm.is_new() || frm.doc.disabled || !frappe.user.has_role("System Manager")) return;
			frm.add_custom_button(__("Invite to the portal"), () => ask(frm), __(GROUP));
			frm.add_custom_button(__("Portal access"), () => show_access(frm), __(GROUP));
		},
	});

	function ask(frm) {
		if (frm.is_dirty()) {
			frappe.msgprint(__("Save or discard your changes first."));
			return;
		}
		const email = { fieldname: "email", fieldtype: "Data", options: "Email", label: __("Email"), reqd: 1 };
		frappe.prompt(
			[
				{ ...email, default: frm.doc.email_id },
				{ fieldname: "first_name", fieldtype: "Data", label: __("First Name") },
			],
			(values) => invite(frm, values),
			__("Invite to the portal"),
			__("Invite")
		);
	}

	async function invite(frm, { email, first_name }) {
		const args = { supplier: frm.doc.name, email, ...(first_name && { first_name }) };
		const method = "medgrid.integrations.invite_vendor";
		const invited = await medgrid.desk.call("POST", method, args, __("Inviting …"));
		if (!invited) return;
		frm.reload_doc();
		const sentence = invited.mailed
			? __("{0} is invited; the mail is on its way.", [frappe.utils.escape_html(invited.user)])
			: __("{0} has access.", [frappe.utils.escape_html(invited.user)]);
		frappe.msgprint({
			title: __("Invite to the portal"),
			message: `<p>${sentence}</p>${medgrid.desk.list_of(invited.warnings)}`,
			indicator: invited.warnings.length ? "orange" : "green",
			clear: true,
		});
	}

	async function show_access(frm) {
		const method = "medgrid.integrations.list_invitations";
		const access = await medgrid.desk.call("GET", method, { supplier: frm.doc.name }, __("Reading …"));
		if (!access) return;
		const states = {
			invited: __("invited, has not signed in yet"),
			accepted: __("has signed in"),
			disabled: __("disabled"),
		};
		const rows = access.users.map((each) => `${each.full_name} (${each.user}): ${states[each.state]}`);
		frappe.msgprint({
			title: __("Portal access"),
			message: [
				rows.length ? medgrid.desk.list_of(rows) : `<p>${__("Nobody has access yet.")}</p>`,
				medgrid.desk.list_of(access.warnings),
			].join(""),
			clear: true,
		});
	}
})();
