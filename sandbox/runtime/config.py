"""`site_config.json` decides, as on a bench; monoframe alone writes the file and never reads it.

Without this every process would make a new encryption key, and stored passwords would become unreadable.
"""

import json
import os
from pathlib import Path


def site_config() -> dict:
	"""The site's configuration; monoframe's MONOFRAME_EXTRA_CONFIG hook merges it over its own. Addresses of
	Redis in the environment come before those in the file, as Frappe has it."""
	path = Path(os.environ["SANDBOX_SITE"]) / "site_config.json"
	config = json.loads(path.read_text())
	for key in ("redis_cache", "redis_queue"):
		if address := os.environ.get(f"FRAPPE_{key.upper()}"):
			config[key] = address
	return config
