"""The caller's side: what tests, the demo and the benchmarks steer a running simulator with."""

from sandbox.simulators.common.remote import RemoteControl
from sandbox.simulators.vertex.access.issuer import KEYS_PATH
from sandbox.simulators.vertex.control import Control


class VertexControl(RemoteControl):
	"""
	>>> control = VertexControl("http://127.0.0.1:9130")
	>>> control.add_company("SKYDELL")
	>>> control.add_client("client", "secret", kind="cloud")
	>>> control.fault("timeout_after", path=SUPPLIES, seconds=1)
	>>> control.journal()
	"""

	commands = Control

	@property
	def identity_keys_url(self) -> str:
		"""Where the identity server publishes its keys, for `identity_jwks_url`."""
		return f"{self.url}{KEYS_PATH}"
