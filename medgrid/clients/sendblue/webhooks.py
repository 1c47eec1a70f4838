"""The bodies of Sendblue's webhooks. Unknown fields are ignored. Pure."""

from typing import Annotated

from pydantic import BaseModel

from medgrid.core.foreign_types import Key, Message, Word, none_if_invalid


class InboundMessage(BaseModel):
	"""The parts of the "receive" webhook that MedGrid reads.

	:param message_handle: Sendblue's ID of the message.
	:param from_number: as Sendblue sends it, not checked.
	:param is_outbound: whether the message was sent, not received.
	"""

	message_handle: Key
	from_number: Word
	content: Annotated[Message | None, none_if_invalid] = None
	is_outbound: bool = False

	@property
	def word(self) -> str:
		"""The whole message in capitals, without punctuation around it: `Stop.` is STOP, but a sentence that
		contains "stop" is not."""
		return (self.content or "").strip(" .!?\"'\u2018\u2019\u201c\u201d").upper()
