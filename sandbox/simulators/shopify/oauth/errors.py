"""What is refused while an app is installed."""

from sandbox.simulators.common.errors import Refused
from sandbox.simulators.common.messages import Answer
from sandbox.simulators.shopify.oauth import pages


class OAuthRefused(Refused):
	"""A token request that is wrong: 400 `{"error": …, "error_description": …}`."""

	def __init__(self, error: str, description: str):
		super().__init__(description, {"error": error, "error_description": description})


class PageRefused(Refused):
	"""An authorization that is wrong: a page with status 400, and no redirect anywhere."""

	def __init__(self, message: str):
		super().__init__(message, message)

	def answer(self) -> Answer:
		return pages.error(str(self))
