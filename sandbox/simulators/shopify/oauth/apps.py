"""Apps: a client id and a secret that shops can install."""

import hmac
from dataclasses import dataclass, field


@dataclass
class App:
	"""
	:param redirect_uris: where callbacks may go; none means anywhere.
	:param extra_parameters: sent and signed with each callback, like those that Shopify may add one day.
	"""

	client_id: str
	client_secret: str = field(repr=False)
	redirect_uris: tuple[str, ...] = ()
	extra_parameters: dict[str, str] = field(default_factory=dict)

	def knows(self, secret: str) -> bool:
		return hmac.compare_digest(self.client_secret.encode(), secret.encode())

	def allows(self, redirect_uri: str) -> bool:
		return not self.redirect_uris or redirect_uri in self.redirect_uris
