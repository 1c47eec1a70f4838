"""Shopify's own libraries check our signatures, and we check theirs: PyPI's ShopifyAPI, npm's
@shopify/shopify-api. Both are for development only; npm's is fetched once, into the sandbox's folder.
"""

import json
import shutil
import subprocess
import time
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest

from medgrid.clients.shopify.signatures import is_signed_query, query_signatures, sign_body, signing_secret

pytestmark = pytest.mark.stand_in

SECRET = "hush"
SCRIPT = Path(__file__).with_name("shopify_api.mjs")
FOLDER = Path(__file__).resolve().parents[3] / ".sandbox" / "npm" / "shopify-api"
PACKAGE = "@shopify/shopify-api@13.1.0"
NPM_SECONDS = 180
COMMON = [("code", "0907"), ("shop", "some-shop.myshopify.com")]
# Values with everything that an encoding can get wrong.
VALUES = {
	"plain": [("state", "0.6784")],
	"ampersand and equals": [("state", "a&b=c")],
	"percent": [("state", "100% %26 more")],
	"spaces and plus": [("state", " x y+z ")],
	"unicode": [("state", "äß日本🩹~*'()!")],
	"base64": [("host", "YWRtaW4uc2hvcGlmeS5jb20=")],
	"array": [("ids[]", "1"), ("ids[]", "2 3"), ("ids[]", "4")],
	"new names": [("session", "x"), ("id_token", "a.b.c"), ("embedded", "1"), ("locale", "de-DE")],
}
BODIES = ['{"id": 1}', '{"note": "äß日本🩹 \\u00e4"}', "x"]


@cache
def timestamp() -> str:
	"""Of these tests' first moment: npm's library does not accept an older one."""
	return str(int(time.time()))


def pairs(kind: str) -> list[tuple[str, str]]:
	return [*COMMON, ("timestamp", timestamp()), *VALUES[kind]]


def is_accepted(query: list[tuple[str, str]], signature: str) -> bool:
	return is_signed_query(f"{urlencode(query)}&hmac={signature}", SECRET)


def parsed(query: list[tuple[str, str]], array_suffix: str = "[]") -> dict:
	"""As web frameworks parse it: a name that ends with [] has a list; node's leave the brackets away."""
	values: dict = {}
	for name, value in parse_qsl(urlencode(query), keep_blank_values=True):
		if name.endswith("[]"):
			values.setdefault(name.removesuffix("[]") + array_suffix, []).append(value)
		else:
			values[name] = value
	return values


# PyPI's


@pytest.fixture
def shopify_session():
	import shopify

	shopify.Session.setup(api_key="key", secret=SECRET)
	return shopify.Session


@pytest.mark.parametrize("kind", VALUES)
def test_what_shopifyapi_signs_we_accept(shopify_session, kind):
	signature = shopify_session.calculate_hmac(parsed(pairs(kind)))
	assert is_accepted(pairs(kind), signature)
	assert not is_accepted([*pairs(kind), ("z", "1")], signature)


@pytest.mark.parametrize("kind", VALUES)
def test_what_we_sign_shopifyapi_accepts(shopify_session, kind):
	signature = query_signatures(urlencode(pairs(kind)), SECRET)[0]
	assert shopify_session.validate_params({**parsed(pairs(kind)), "hmac": signature})


# npm's


@pytest.fixture(scope="module")
def npm_opinion():
	"""What npm's library says of all queries and bodies; ours is the second form of signature."""
	if not shutil.which("npm") or not shutil.which("node"):
		pytest.skip("npm is not installed")
	if not (FOLDER / "node_modules").exists():
		_fetch()
	queries = {kind: parsed(pairs(kind), array_suffix="") for kind in VALUES}
	for kind, query in queries.items():
		query["hmac"] = query_signatures(urlencode(pairs(kind)), SECRET)[1]
	asked = {
		"secret": SECRET,
		"queries": list(queries.values()),
		"webhooks": [{"body": body, "hmac": sign_body(body.encode(), SECRET)} for body in BODIES],
	}
	done = subprocess.run(
		["node", str(SCRIPT), str(FOLDER)], input=json.dumps(asked), capture_output=True, text=True
	)
	assert done.returncode == 0, done.stderr
	return json.loads(done.stdout)


def _fetch() -> None:
	FOLDER.mkdir(parents=True, exist_ok=True)
	command = ["npm", "install", PACKAGE, "--prefix", str(FOLDER), "--no-audit", "--no-fund", "--silent"]
	try:
		subprocess.run(command, check=True, capture_output=True, timeout=NPM_SECONDS)
	except (subprocess.SubprocessError, OSError) as failure:
		shutil.rmtree(FOLDER, ignore_errors=True)
		pytest.skip(f"npm does not answer: {failure}")


@pytest.mark.parametrize(("number", "kind"), list(enumerate(VALUES)))
def test_what_shopify_api_signs_we_accept(npm_opinion, number, kind):
	signature = npm_opinion["signatures"][number]
	assert is_accepted(pairs(kind), signature)
	assert not is_accepted([*pairs(kind), ("z", "1")], signature)


@pytest.mark.parametrize(("number", "kind"), list(enumerate(VALUES)))
def test_what_we_sign_shopify_api_accepts(npm_opinion, number, kind):
	assert npm_opinion["valid"][number] is True


@pytest.mark.parametrize("number", range(len(BODIES)))
def test_webhooks_that_we_sign_shopify_api_accepts(npm_opinion, number):
	assert npm_opinion["webhooks"][number] is True


def test_both_sides_sign_a_body_in_the_same_way():
	assert signing_secret(b"x", sign_body(b"x", SECRET), [("app", SECRET)]) == "app"
