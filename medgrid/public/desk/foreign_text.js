// Foreign text is text: what another system or a visitor wrote is escaped where Desk shows it, at the field.
// Frappe loads this file with every page of Desk (hook `app_include_js`), after its own scripts. Frappe inserts the
// value of a text field as HTML in most of its views; all but a few of them format it with `frappe.format`. The
// others are named below, each with what it shows. `medgrid/desk/foreign_text.py` has the fields.

(() => {
	/** The names of a DocType's fields that contain text that others wrote. */
	function foreign_fields(doctype) {
		return frappe.boot?.medgrid_foreign_text?.[doctype] || [];
	}

	function is_foreign(df) {
		return !!df && !!df.parent && foreign_fields(df.parent).includes(df.fieldname);
	}

	/** The field of this name, if it contains text that others wrote; else null. */
	function foreign_field(doctype, fieldname) {
		const df = doctype && fieldname && frappe.meta.get_docfield(doctype, fieldname);
		return is_foreign(df) ? df : null;
	}

	/** The field whose value is the title of the DocType's documents, if others wrote it; else null. */
	function foreign_title(doctype) {
		return foreign_field(doctype, frappe.get_meta(doctype)?.title_field);
	}

	function escaped(value) {
		return typeof value === "string" ? frappe.utils.escape_html(value) : value;
	}

	/** Replaces a method by `make(original)`; leaves it if this version of Frappe has none. */
	function replace(owner, name, make) {
		if (owner && typeof owner[name] === "function") owner[name] = make(owner[name]);
	}

	// Lists, report views, forms, grids, Kanban boards, filters and number cards.
	let shown_in_form = null;
	let shown_card = null;
	replace(
		frappe,
		"format",
		(format) =>
			function (value, df, ...rest) {
				if (shown_in_form && shown_in_form.df === df) return format(shown_in_form.html, df, ...rest);
				if (is_of_card(df)) return format(escaped(shown_card.doc[df.fieldname]), df, ...rest);
				return format(is_foreign(column_field(df)) ? escaped(value) : value, df, ...rest);
			}
	);

	/** A column that a user adds to a query report is a copy of a DocType's field under a longer name. */
	function column_field(df) {
		if (!df || df.parent || !df.link_field || !df.doctype) return df;
		const suffix = `-${frappe.scrub(df.doctype)}`;
		const { fieldname } = df;
		const name = fieldname.endsWith(suffix) ? fieldname.slice(0, -suffix.length) : fieldname;
		return { ...df, parent: df.doctype, fieldname: name };
	}

	// A read-only field of a form. Frappe escapes some types before it formats the value; which, depends on its
	// version.
	replace(
		frappe.ui.form.ControlInput?.prototype,
		"set_disp_area",
		(set_disp_area) =>
			function (value, ...rest) {
				if (!is_foreign(this.df)) return set_disp_area.call(this, value, ...rest);
				shown_in_form = { df: this.df, html: escaped(this.value || value) };
				try {
					return set_disp_area.call(this, value, ...rest);
				} finally {
					shown_in_form = null;
				}
			}
	);

	// The title above a form. Frappe removes what looks like a tag, and inserts the rest as HTML.
	replace(
		frappe.ui.form.Toolbar?.prototype,
		"set_title",
		(set_title) =>
			function (...args) {
				const result = set_title.apply(this, args);
				const { frm, page } = this;
				const df = !frm.is_new() && foreign_title(frm.doctype);
				const title = df && frm.doc[df.fieldname];
				// In Frappe 16 this is the crumb of the list; see below for the form's.
				if (title) page.$title_area.find(".title-text").not("li *").text(title).attr("title", title);
				return result;
			}
	);

	// The last of the crumbs above a form, which is its title in Frappe 16.
	replace(
		frappe.breadcrumbs,
		"set_form_breadcrumb",
		(set_form_breadcrumb) =>
			function (breadcrumbs, ...rest) {
				if (!foreign_title(breadcrumbs.doctype)) return set_form_breadcrumb.call(this, breadcrumbs, ...rest);
				const get_doc_title = frappe.model.get_doc_title;
				frappe.model.get_doc_title = (...args) => escaped(get_doc_title.apply(frappe.model, args));
				try {
					return set_form_breadcrumb.call(this, breadcrumbs, ...rest);
				} finally {
					frappe.model.get_doc_title = get_doc_title;
				}
			}
	);

	// The question before a document is deleted, and the message while it is.
	replace(
		frappe.model,
		"delete_doc",
		(delete_doc) =>
			function (doctype, ...rest) {
				if (!foreign_title(doctype)) return delete_doc.call(this, doctype, ...rest);
				const get_value = frappe.model.get_value;
				frappe.model.get_value = (...args) => escaped(get_value.apply(frappe.model, args));
				try {
					return delete_doc.call(this, doctype, ...rest);
				} finally {
					frappe.model.get_value = get_value;
				}
			}
	);

	// The tooltip of a list's column, which Frappe escapes twice.
	replace(
		frappe.views.ListView?.prototype,
		"get_column_html",
		(get_column_html) =>
			function (col, doc, ...rest) {
				const html = get_column_html.call(this, col, doc, ...rest);
				const value = foreign_fields(col.df?.parent).length ? doc[col.df.fieldname] : "";
				const once = escaped(value);
				if (once === value) return html;
				return html.replace(`: ${escaped(once)}"`, () => `: ${once}"`);
			}
	);

	// The values that a list's sidebar offers as filters.
	replace(
		frappe.views.ListGroupBy?.prototype,
		"get_dropdown_html",
		(get_dropdown_html) =>
			function (field, ...rest) {
				const name = escaped(field.name);
				if (!foreign_fields(this.doctype).length || name === field.name) return get_dropdown_html.call(this, field, ...rest);
				const html = get_dropdown_html.call(this, { ...field, name }, ...rest);
				return html.replace(encodeURIComponent(name), () => encodeURIComponent(field.name));
			}
	);

	// The fields of a card of a Kanban board. Frappe 16 escapes those of type Data before it formats them. The cards'
	// script is loaded with the first board.
	replace(
		frappe.views.KanbanView?.prototype,
		"render",
		(render) =>
			function (...args) {
				if (frappe.views.KanbanBoardCard !== card_of_text) {
					replace(frappe.views, "KanbanBoardCard", (make) => (card_of_text = showing_card(make)));
				}
				return render.apply(this, args);
			}
	);

	let card_of_text = null;

	function is_of_card(df) {
		return !!shown_card && is_foreign(df) && df.parent === shown_card.doctype;
	}

	function showing_card(make) {
		return function (card, ...rest) {
			shown_card = card;
			try {
				return make.call(this, card, ...rest);
			} finally {
				shown_card = null;
			}
		};
	}

	// The title of a card of a Kanban board, and the one in the sidebar of a form in Frappe 16.
	replace(
		frappe,
		"render_template",
		(render_template) =>
			function (name, data, ...rest) {
				const shown = TITLES_OF_TEMPLATES[name]?.(data) || data;
				return render_template.call(this, name, shown, ...rest);
			}
	);

	const TITLES_OF_TEMPLATES = {
		kanban_card: (card) => ({ ...card, title: card_title(card) }),
		form_sidebar: (sidebar) => foreign_title(sidebar.doctype) && { ...sidebar, frm: with_escaped_title(sidebar.frm) },
	};

	/** This form for a template, which inserts the title into an attribute as it is. */
	function with_escaped_title(frm) {
		return Object.create(frm, { get_title: { value: () => escaped(frm.get_title()) } });
	}

	function card_title(card) {
		const df = window.cur_list && foreign_field(cur_list.doctype, cur_list.card_meta?.title_field?.fieldname);
		const doc = df && (cur_list.data || []).find((row) => row.name === card.name);
		// Frappe has made a text of it, which decodes entities.
		return escaped(doc ? doc[df.fieldname] : card.title);
	}

	// The title of a document that a column of a report view links to.
	replace(
		frappe.views.ReportView?.prototype,
		"get_link_title_field_value",
		(get_title) =>
			async function (doctype, ...rest) {
				const title = await get_title.call(this, doctype, ...rest);
				return foreign_fields(doctype).length ? escaped(title) : title;
			}
	);

	// The tooltips of charts, of which a report view makes some from any field.
	replace(
		frappe,
		"Chart",
		(Chart) =>
			class extends Chart {
				constructor(...args) {
					super(...args);
					replace(this.tip, "setValues", escape_labels);
				}
			}
	);

	function escape_labels(set_values) {
		return function (x, y, title, points = [], ...rest) {
			const named = { ...title, name: escaped(title?.name) };
			const labelled = points.map((point) => ({ ...point, title: escaped(point.title) }));
			return set_values.call(this, x, y, named, labelled, ...rest);
		};
	}

	// The titles in a quick list of a Workspace.
	replace(
		frappe.widget?.widget_factory?.quick_list?.prototype,
		"setup_quick_list_item",
		(setup) =>
			function (doc, ...rest) {
				const df = foreign_field(this.document_type, this.title_field_name);
				return setup.call(this, df ? { ...doc, [df.fieldname]: escaped(doc[df.fieldname]) } : doc, ...rest);
			}
	);
})();
