// Reads the address of a Shopify store as a person copies it: from the store's admin, a letter, or by heart. Pure.
//
// Only what names the store beyond doubt is taken. The server takes the store's domain alone.
// Contract: "shopify_start_install".

const STORE = "([a-z0-9][a-z0-9-]{0,59})";
const REST = "(?:[/?#].*)?";
const FORMS = [
	// The store's name alone.
	new RegExp(`^${STORE}/?$`),
	new RegExp(`^(?:https?://)?${STORE}\\.myshopify\\.com(?::443)?${REST}$`),
	// The address bar in the store's admin.
	new RegExp(`^(?:https?://)?admin\\.shopify\\.com(?::443)?/store/${STORE}${REST}$`),
];
// Blanks around it, and what cannot be seen: it comes along when text is copied.
const AROUND = /^[\s\p{Cc}\p{Cf}]+|[\s\p{Cc}\p{Cf}]+$/gu;
// Small letters of other alphabets may become letters of this one.
const ASCII = /^[\x21-\x7e]+$/;

/** The store's domain (`your-store.myshopify.com`); null if the text does not name a store beyond doubt. */
export function shopDomain(written) {
	const address = written.replace(AROUND, "");
	if (!ASCII.test(address)) return null;
	const match = FORMS.map((form) => form.exec(address.toLowerCase())).find(Boolean);
	return match ? `${match[1]}.myshopify.com` : null;
}
