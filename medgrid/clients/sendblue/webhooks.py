"""The bodies of Sendblue's webhooks. Unknown fields are ignored. Pure."""

import unicodedata
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
		"""The whole message in capitals, without blanks and punctuation around it: `Stop.` and `“stop”` are
		STOP, but a sentence that contains "stop" is not."""
		text = self.content or ""
		return text.strip("".join(filter(_is_around, set(text)))).upper()


def _is_around(char: str) -> bool:
	return char.isspace() or unicodedata.category(char).startswith(("P", "C"))
