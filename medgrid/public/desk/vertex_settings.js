// Vertex Settings: leads an administrator through the set-up of the connector, and tests it.

frappe.provide("medgrid.desk.vertex");

(() => {
	frappe.ui.form.on("Vertex Settings", {
		refresh(frm) {
			medgrid.desk.vertex.add_button(frm, __("Test"), () => test(frm));
			show_guide(frm, frm.doc.__onload?.medgrid_steps || []);
		},
	});

	const STATES = {
		done: [__("Done"), "green"],
		"to do": [__("To do"), "orange"],
		optional: [__("Optional"), "gray"],
	};

	function show_guide(frm, steps) {
		const wrapper = frm.fields_dict.guide?.$wrapper;
		if (!wrapper) return;
		wrapper.html(`<ol>${steps.map(step_html).join("")}</ol>`);
		wrapper.find("[data-copy]").on("click", (event) => {
			frappe.utils.copy_to_clipboard(event.currentTarget.dataset.copy);
		});
	}

	function step_html({ title, state, sentences, addresses }) {
		const text = frappe.utils.escape_html;
		const [word, color] = STATES[state] || [state, "gray"];
		const rows = sentences.map((sentence) => `<p class="text-muted">${text(sentence)}</p>`);
		return `<li>
			<p><b>${text(title)}</b> <span class="indicator-pill ${color}">${text(word)}</span></p>
			${rows.join("")}${addresses.map(address_html).join("")}
		</li>`;
	}

	function address_html([label, url]) {
		const [name, address] = [label, url].map((each) => frappe.utils.escape_html(each));
		return `<p>${name}: <code>${address}</code>
			<button type="button" class="btn btn-xs btn-default" data-copy="${address}">${__("Copy")}</button></p>`;
	}

	async function test(frm) {
		if (frm.is_dirty()) {
			medgrid.desk.vertex.show("orange", [__("Save the settings first, then test them.")]);
			return;
		}
		const health = await medgrid.desk.vertex.call("health", {}, __("Testing the connector …"));
		if (!health) return;
		const identity = frm.doc.identity_issuer ? await identity_sentence() : null;
		const problems = [...health.problems, ...(identity?.problem ? [identity.problem] : [])];
		medgrid.desk.vertex.show(problems.length ? "orange" : "green", [
			problems.length ? __("The connector needs attention.") : __("The connector works."),
			...problems,
			...(identity?.sentence ? [identity.sentence] : []),
		]);
	}

	async function identity_sentence() {
		const { message, problem } = await medgrid.desk.vertex.send("test_identity", {});
		if (problem) return { problem: __("The identity server: {0}", [problem]) };
		const { issuer, keys } = message;
		return {
			sentence:
				keys === null
					? __("Tokens of {0} are checked with the secret.", [issuer])
					: __("Tokens of {0} are checked with its public keys: {1}.", [issuer, keys]),
		};
	}
})();
