"""Access scopes. Pure."""

from collections.abc import Collection, Iterable


def missing(granted: Collection[str], needed: Iterable[str]) -> list[str]:
	"""The scopes that an app needs and does not have.

	`write_x` includes `read_x`: Shopify grants both and names only `write_x`.

	:param granted: e.g. "write_products".
	:param needed: e.g. "read_products".
	:returns: the missing scopes, in the order of `needed`.
	"""
	return [
		scope
		for scope in needed
		if scope not in granted and scope.replace("read_", "write_", 1) not in granted
	]
