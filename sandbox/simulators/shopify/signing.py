"""Shopify's two signatures: of the query string of a callback, and of the body of a webhook."""

import base64
import hashlib
import hmac
from urllib.parse import urlencode


def signed_query(parameters: dict[str, str], secret: str) -> str:
	"""A query string with its hmac: over the other pairs as they are sent, sorted and joined by &."""
	message = urlencode(sorted(parameters.items()))
	signature = hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()
	return urlencode(sorted({**parameters, "hmac": signature}.items()))


def body_signature(body: bytes, secret: str) -> str:
	"""What X-Shopify-Hmac-Sha256 says."""
	return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
