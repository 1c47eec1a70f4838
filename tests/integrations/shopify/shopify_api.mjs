// Asks npm's @shopify/shopify-api, whose folder is the first argument, for its opinion on signatures.
// stdin: JSON {secret, queries: [{name: value or [values]}], webhooks: [{body, hmac}]}
// stdout: JSON {signatures: [hex of each query], valid: [of each query with its `hmac`], webhooks: [valid?]}
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const folder = `${process.argv[2]}/node_modules/@shopify/shopify-api/dist/esm`;
const load = (path) => import(pathToFileURL(`${folder}/${path}`).href);
await load("adapters/node/index.mjs");
const { shopifyApi, ApiVersion } = await load("lib/index.mjs");
const { generateLocalHmac } = await load("lib/utils/hmac-validator.mjs");

const asked = JSON.parse(readFileSync(0, "utf8"));
const shopify = shopifyApi({
	apiKey: "key",
	apiSecretKey: asked.secret,
	hostName: "app.example",
	apiVersion: Object.values(ApiVersion)[0],
	isEmbeddedApp: false,
	logger: { level: 0 },
});

const sign = generateLocalHmac(shopify.config);
const isValid = (query) => shopify.utils.validateHmac(query).catch(() => false);
const isValidWebhook = async ({ body, hmac }) => {
	const headers = {
		"X-Shopify-Hmac-Sha256": hmac,
		"X-Shopify-Topic": "orders/updated",
		"X-Shopify-Shop-Domain": "shop.myshopify.com",
		"X-Shopify-API-Version": "2026-04",
		"X-Shopify-Webhook-Id": "1",
	};
	const rawRequest = { method: "POST", url: "/", headers };
	return (await shopify.webhooks.validate({ rawBody: body, rawRequest, rawResponse: {} })).valid;
};

const all = (values, ask) => Promise.all(values.map((value) => ask(value)));
process.stdout.write(
	JSON.stringify({
		signatures: await all(asked.queries, sign),
		valid: await all(asked.queries, isValid),
		webhooks: await all(asked.webhooks, isValidWebhook),
	}),
);
