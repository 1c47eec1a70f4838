"""What runs, where, and who may log in: for people and, as a dict, for programs."""

import shlex

from sandbox import layout, services, state
from sandbox.console import SetupError
from sandbox.demo.cast import (
	CONNECTOR,
	CONNECTOR_APP,
	CONNECTOR_SHOP,
	EXAMPLES_CLIENT,
	EXAMPLES_SHOP,
	PHONES,
	SHOPS,
	VENDORS,
	VERTEX_CLIENT,
	VERTEX_COMPANY,
	shipstation_keys,
)
from sandbox.services import mariadb, redis, simulators
from sandbox.setup.sites import database_name
from sandbox.simulators.common.control import PREFIX
from sandbox.simulators.vertex.access import issuer

CREDENTIALS = ("client_id", "client_secret")


def as_dict() -> dict:
	"""
	:returns: site, simulators, vertex, vendors, database, redis, users, processes.
	:raises SetupError: before anything was set up.
	"""
	if not services.is_set_up():
		raise SetupError("nothing is set up here yet", advice="Run: python3 -m sandbox up")
	site = layout.DEMO_SITE
	return {
		"site": {
			"name": site,
			"url": services.site_url(site),
			"portal": portal_url(site),
			"folder": str(layout.site_folder(site)),
		},
		"simulators": simulators.urls(site),
		"vertex": vertex(),
		"vendors": vendors(),
		"database": {
			"host": "127.0.0.1",
			"port": state.port(mariadb.NAME),
			"name": database_name(site),
			"user": database_name(site),
			"password": state.password(f"{site} database"),
			"root_password": mariadb.root_password(),
		},
		"redis": redis.urls(site),
		"users": users(),
		"processes": services.running(),
	}


def vertex() -> dict:
	"""The tax connector's callers and other sides.

	:returns: simulator, company, client, shopify_app, shop, identity; once the demo data is loaded also
		connector (user, token, authorization) and merchant (shop, username, password).
	"""
	url = simulators.urls(layout.DEMO_SITE)["vertex"]
	connector = state.load().get("tokens", {}).get(CONNECTOR)
	return {
		"simulator": url,
		"company": VERTEX_COMPANY,
		"client": dict(zip(CREDENTIALS, VERTEX_CLIENT, strict=True)),
		"shopify_app": dict(zip(CREDENTIALS, CONNECTOR_APP, strict=True)),
		"shop": CONNECTOR_SHOP,
		"identity": {
			"issuer": issuer.ISSUER,
			"audience": issuer.AUDIENCE,
			"jwks_url": f"{url}{issuer.KEYS_PATH}",
			"token_url": f"{url}{PREFIX}identity_token",
		},
		**({"connector": {"user": CONNECTOR, **_token(connector)}} if connector else {}),
		**state.load().get("vertex", {}),
	}


def vendors() -> list[dict[str, str]]:
	"""What each vendor types into the cards of the portal.

	:returns: vendor, user, shipstation_api_key, shipstation_api_secret, shop, phone.
	"""
	return [
		{
			"vendor": vendor,
			"user": user,
			**dict(
				zip(("shipstation_api_key", "shipstation_api_secret"), shipstation_keys(vendor), strict=True)
			),
			"shop": SHOPS[vendor],
			"phone": PHONES[vendor],
		}
		for vendor, user in VENDORS.items()
	]


def to_type(vendors: list[dict[str, str]]) -> list[str]:
	"""The same for people: a heading, and a line for each card of each vendor.

	:param vendors: from `vendors`.
	"""
	lines = ["", "What vendors type into their cards:"]
	for entry in vendors:
		keys = f"key {entry['shipstation_api_key']}, secret {entry['shipstation_api_secret']}"
		lines.append(f"{entry['user']:<26} ShipStation  {keys}")
		lines.append(f"{'':<26} Shopify      {entry['shop']}")
		code = "" if entry is not vendors[-1] else "; the codes: python3 -m sandbox logs sendblue"
		lines.append(f"{'':<26} SMS          {entry['phone']}{code}")
	return lines


def _token(keys: dict) -> dict[str, str]:
	return {"token": f"{keys['api_key']}:{keys['api_secret']}", "authorization": keys["authorization"]}


def shell_variables(facts: dict) -> dict[str, str]:
	"""What the commands of README.md and docs/api.md begin with.

	:param facts: from `as_dict`.
	"""
	vertex, administrator = facts["vertex"], facts["users"][0]
	client_id, client_secret = EXAMPLES_CLIENT
	return {
		"SITE": facts["site"]["url"],
		"TOKEN": _token(administrator)["token"],
		"CONNECTOR": vertex["connector"]["token"],
		"SHOP": EXAMPLES_SHOP,
		"APP_SECRET": vertex["shopify_app"]["client_secret"],
		"COMPANY_CODE": vertex["company"],
		"CLIENT_ID": client_id,
		"CLIENT_SECRET": client_secret,
		"IDENTITY": vertex["identity"]["token_url"],
	}


def as_shell() -> str:
	"""`shell_variables`, for `eval` in a shell.

	:raises SetupError: before the demo data was loaded.
	"""
	facts = as_dict()
	if "connector" not in facts["vertex"]:
		raise SetupError("the demo data is not loaded yet", advice="Run: python3 -m sandbox up")
	variables = shell_variables(facts).items()
	return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables)


def portal_url(site: str) -> str:
	return f"{services.site_url(site)}/portal"


def users() -> list[dict]:
	"""Each with user, role, password, api_key, api_secret and the `Authorization` header's value."""
	administrator = {
		"user": "Administrator",
		"role": "administrator",
		"password": state.password(f"{layout.DEMO_SITE} Administrator"),
	}
	entries = [administrator, *state.load().get("users", [])]
	tokens = state.load().get("tokens", {})
	for entry in entries:
		entry.update(tokens.get(entry["user"], {}))
	return entries


def logins(users: list[dict]) -> list[str]:
	"""A line for each user: role, name, password."""
	return [f"{entry['role']:<14} {entry['user']:<34} {entry['password']}" for entry in users]


def tax_connector(vertex: dict) -> list[str]:
	"""The callers of the tax connector's API: a heading, and a line for each.

	:param vertex: from `vertex`.
	"""
	lines = ["", "The tax connector's API (medgrid.vertex.*):"]
	if connector := vertex.get("connector"):
		lines.append(f"{'connector':<14} {'the front end of the Shopify app':<34} token {connector['token']}")
	if merchant := vertex.get("merchant"):
		basic = f"{merchant['username']}:{merchant['password']}"
		lines.append(f"{'merchant':<14} {merchant['shop']:<34} Basic {basic}")
	return lines


def as_text() -> str:
	facts = as_dict()
	lines = [f"MedGrid    {facts['site']['url']}", f"portal     {facts['site']['portal']}"]
	lines += [f"{name:<10} {simulators.address(layout.DEMO_SITE, name)}" for name in facts["simulators"]]
	lines.append(f"MariaDB    {facts['database']['host']}:{facts['database']['port']}")
	lines.append(f"Redis      {facts['redis']['redis_cache']}")
	lines.append("")
	lines += logins(facts["users"])
	lines += [*to_type(facts["vendors"]), *tax_connector(facts["vertex"])]
	lines += [
		"",
		"Act as the other side: python3 -m sandbox do, or the pages of the four addresses above.",
		"",
	]
	running = facts["processes"]
	lines.append(f"running: {', '.join(running)}" if running else "not running: python3 -m sandbox up")
	return "\n".join(lines)
