"""Checks Shopify's signatures of redirects and webhooks, in constant time. Pure.

Contract: "shopify_callback" (`hmac`), "exoceuticals webhook" (`X-Shopify-Hmac-Sha256`).
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote_plus

# Parameters that the signature does not cover.
UNSIGNED = ("hmac", "signature")


def query_signatures(query_string: str, secret: str) -> tuple[str, str]:
	"""The two HMAC-SHA256 signatures, in hex, of which a redirect may carry either.

	Shopify's own libraries encode the signed text in two ways. They differ for special characters and for
	arrays; otherwise both signatures are equal. The signature covers every parameter except UNSIGNED,
	including parameters that Shopify adds later.

	:param query_string: raw, the part of the URL after the `?`.
	:param secret: the app's client secret.
	"""
	pairs = [pair for pair in parse_qsl(query_string, keep_blank_values=True) if pair[0] not in UNSIGNED]
	return _hex(_escaped(pairs), secret), _hex(_form_encoded(pairs), secret)


def is_signed_query(query_string: str, secret: str) -> bool:
	"""Whether a redirect's query string has exactly one `hmac`, and it is a valid signature.

	:param query_string: raw, the part of the URL after the `?`.
	:param secret: the app's client secret.
	"""
	given = [value for name, value in parse_qsl(query_string, keep_blank_values=True) if name == "hmac"]
	matches = [_equal("".join(given), right) for right in query_signatures(query_string, secret)]
	return len(given) == 1 and any(matches)


def _escaped(pairs: list[tuple[str, str]]) -> str:
	"""The text as Shopify documents it: decoded, with only the delimiters escaped; an array is a JSON
	list."""
	single: dict[str, str] = {}
	arrays: dict[str, list[str]] = {}
	for name, value in pairs:
		if name.endswith("[]"):
			arrays.setdefault(name, []).append(value)
		else:
			single[name] = value
	texts = [_escaped_pair(name, value) for name, value in single.items()]
	lists = [_escaped_pair(name, values) for name, values in arrays.items()]
	return "&".join(sorted(texts + lists))


def _escaped_pair(name: str, value: str | list[str]) -> str:
	if isinstance(value, list):
		name, value = name.removesuffix("[]"), json.dumps(value)
	name = name.replace("%", "%25").replace("=", "%3D")
	return f"{name}={value.replace('%', '%25')}".replace("&", "%26")


def _form_encoded(pairs: list[tuple[str, str]]) -> str:
	"""The text as a browser encodes a form; the values of one name keep their order."""
	in_order = sorted(pairs, key=lambda pair: pair[0])
	return "&".join(f"{_form_text(name)}={_form_text(value)}" for name, value in in_order)


def _form_text(text: str) -> str:
	return quote_plus(text, safe="*").replace("~", "%7E")


def _hex(message: str, secret: str) -> str:
	return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def sign_body(body: bytes, secret: str) -> str:
	"""The HMAC-SHA256, in base64, with which Shopify signs a webhook.

	:param body: raw, unchanged as received.
	:param secret: the app's client secret, or the shop's webhook secret.
	"""
	return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def signing_secret(
	body: bytes, signature: str | None, secrets: Iterable[tuple[str, str | None]]
) -> str | None:
	"""Finds the secret with which a webhook is signed; during a rotation Shopify may still use the old one.

	:param body: raw, unchanged as received.
	:param signature: the `X-Shopify-Hmac-Sha256` header; None or empty is never valid.
	:param secrets: pairs of name and secret. Empty secrets are ignored.
	:returns: the name of the first matching secret; None if none matches. All secrets are always compared.
	"""
	fitting = [
		name for name, secret in secrets if secret and _equal(signature or "", sign_body(body, secret))
	]
	return fitting[0] if fitting else None


def _equal(given: str, right: str) -> bool:
	return hmac.compare_digest(given.encode(), right.encode())
