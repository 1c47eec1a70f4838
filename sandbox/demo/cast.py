"""Who plays in the demo: the wholesaler, vendors with their portal users, customers with their addresses."""

COMPANY, ABBREVIATION = "Skydell Medical", "SM"
VENDORS = {
	"Summit Clinical Supply": "vendor@summit.example",
	"Northfield Nutraceuticals": "vendor@northfield.example",
	"Harbor Wound & Derma": "vendor@harbor.example",
}
# name, e-mail, phone, street, city, state, ZIP code
CUSTOMERS = (
	(
		"Lakeside Family Clinic",
		"orders@lakeside.example",
		"+1 312 555 0142",
		"1420 N Lake Shore Dr",
		"Chicago",
		"Illinois",
		"60610",
	),
	(
		"Mesa Integrative Health",
		"supply@mesa.example",
		"+1 480 555 0117",
		"55 W Main St",
		"Mesa",
		"Arizona",
		"85201",
	),
	(
		"Harborview Pediatrics",
		"office@harborview.example",
		"+1 206 555 0190",
		"325 9th Ave",
		"Seattle",
		"Washington",
		"98104",
	),
	(
		"Blue Ridge Urgent Care",
		"purchasing@blueridge.example",
		"+1 828 555 0165",
		"81 Patton Ave",
		"Asheville",
		"North Carolina",
		"28801",
	),
	(
		"Coral Gables Dermatology",
		"desk@coralgables.example",
		"+1 305 555 0128",
		"2222 Ponce de Leon Blvd",
		"Coral Gables",
		"Florida",
		"33134",
	),
)
# Of the tax connector, at Vertex and at Shopify. Secrets of simulators that only this machine reaches.
VERTEX_COMPANY = "SKYDELL"
VERTEX_CLIENT = ("demo-vertex-client", "demo-vertex-client-secret")
CONNECTOR_APP = ("medgrid-vertex", "demo-vertex-app-secret")
CONNECTOR_SHOP = "vertexdevstore.myshopify.com"
# The shop of the documentation's examples, and its client at Vertex.
EXAMPLES_SHOP = "juniper-apothecary.myshopify.com"
EXAMPLES_CLIENT = ("juniper-vertex-client", "juniper-vertex-client-secret")
# The user of the app's front end.
CONNECTOR = "connector@skydell.example"
# What each vendor has: its shop at Shopify, and a phone that gets text messages.
SHOPS = {
	"Summit Clinical Supply": "summit-clinical.myshopify.com",
	"Northfield Nutraceuticals": "northfield.myshopify.com",
	"Harbor Wound & Derma": "harbor-wound.myshopify.com",
}
PHONES = {
	"Summit Clinical Supply": "+13125550111",
	"Northfield Nutraceuticals": "+14805550122",
	"Harbor Wound & Derma": "+12065550190",
}
# MedGrid's own at Sendblue: key id and secret key.
SENDBLUE_KEYS = ("demo-key-id", "demo-secret-key")
PORTAL_CUSTOMER = "Lakeside Family Clinic"
SALES_REP = "rep@skydell.example"


def shipstation_keys(vendor: str) -> tuple[str, str]:
	"""A vendor's API key and secret at the simulated ShipStation."""
	slug = VENDORS[vendor].partition("@")[2].partition(".")[0]
	return f"{slug}-api-key", f"{slug}-api-secret"
