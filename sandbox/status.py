"""What runs, where, and who may log in: for people and, as a dict, for programs."""

from sandbox import layout, services, state
from sandbox.console import SetupError
from sandbox.demo.cast import CONNECTOR_APP, CONNECTOR_SHOP, VERTEX_CLIENT, VERTEX_COMPANY
from sandbox.services import mariadb, redis, simulators
from sandbox.setup.sites import database_name
from sandbox.simulators.common.control import PREFIX
from sandbox.simulators.vertex.access import issuer

CREDENTIALS = ("client_id", "client_secret")


def as_dict() -> dict:
	"""
	:returns: site, simulators, vertex, database, redis, users, processes.
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
	"""The tax connector's other sides: simulator, shopify_app, client, identity; and what the demo data wrote
	into the state under `vertex`, such as connector and merchant."""
	url = simulators.urls(layout.DEMO_SITE)["vertex"]
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
		**state.load().get("vertex", {}),
	}


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


def as_text() -> str:
	facts = as_dict()
	lines = [f"MedGrid    {facts['site']['url']}", f"portal     {facts['site']['portal']}"]
	lines += [f"{name:<10} {url}" for name, url in facts["simulators"].items()]
	lines.append(f"MariaDB    {facts['database']['host']}:{facts['database']['port']}")
	lines.append(f"Redis      {facts['redis']['redis_cache']}")
	lines.append("")
	lines += logins(facts["users"])
	lines.append("")
	running = facts["processes"]
	lines.append(f"running: {', '.join(running)}" if running else "not running: python3 -m sandbox up")
	return "\n".join(lines)
