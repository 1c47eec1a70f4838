"""What runs, where, and who may log in: for people and, as a dict, for programs."""

from sandbox import layout, services, state
from sandbox.console import SetupError
from sandbox.services import mariadb, redis, simulators
from sandbox.setup.sites import database_name


def as_dict() -> dict:
	"""
	:returns: site, simulators, database, redis, users, processes.
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
