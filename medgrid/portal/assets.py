"""Addresses of the portal's scripts and styles.

A web server may let browsers keep `/assets` for a year, so each address carries a fingerprint of all files:
after an update nobody runs yesterday's script on today's page. Modules import each other by plain relative
paths; the page's import map adds the fingerprint to those.
"""

import base64
import hashlib
import json
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "public" / "portal"
BASE = "/assets/medgrid/portal"


def url(name: str) -> str:
	"""
	:param name: of a file, relative to `public/portal/`.
	"""
	return f"{BASE}/{name}?v={fingerprint()}"


@lru_cache(maxsize=1)
def fingerprint() -> str:
	"""Of the names and contents of all files, as this process found them."""
	digest = hashlib.sha256()
	for path in _files():
		digest.update(path.name.encode())
		digest.update(path.read_bytes())
	return digest.hexdigest()[:12]


@lru_cache(maxsize=1)
def import_map() -> str:
	"""The JSON that gives every module its fingerprint. It goes into the page as it is: no name has a `<`."""
	names = [path.relative_to(FOLDER).as_posix() for path in _files() if path.suffix == ".js"]
	return json.dumps({"imports": {f"{BASE}/{name}": url(name) for name in names}}, separators=(",", ":"))


@lru_cache(maxsize=1)
def import_map_hash() -> str:
	"""As Content-Security-Policy wants it."""
	digest = hashlib.sha256(import_map().encode()).digest()
	return f"sha256-{base64.b64encode(digest).decode()}"


def _files() -> list[Path]:
	return sorted(path for path in FOLDER.rglob("*") if path.is_file())
