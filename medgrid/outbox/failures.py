"""Whose failure it is: one document's, or the whole account's. Pure.

One document's failure must not stop the others: the other system rejects it, answers with something that is
no answer, fails with HTTP 500 at it, or needs too long for it. The keys, the plan, the rate limit and a host
that cannot be reached concern the account, and so does a system that fails at several documents in a row.
"""

from dataclasses import dataclass

from medgrid.http_client.errors import (
	IntegrationError,
	NotSent,
	RequestRejected,
	ServiceUnavailable,
	UnexpectedResponse,
)

# If the other system fails at so many different documents in a row, it is down.
MOST_IN_A_ROW = 3


def is_of_document(error: BaseException) -> bool:
	"""Whether a failed exchange concerns the document that it was about, and no other one."""
	if isinstance(error, NotSent):
		return False
	return isinstance(error, RequestRejected | UnexpectedResponse | ServiceUnavailable)


@dataclass
class FailuresInARow:
	"""Counts the documents in a row at which the other system failed (HTTP 5xx, or no answer in time)."""

	count: int = 0

	def note_answer(self) -> None:
		"""Notes that the other system answered, also that it rejected something."""
		self.count = 0

	def note(self, error: IntegrationError) -> None:
		"""Notes the failure of one document.

		:raises IntegrationError: the error itself: it is the account's failure, or the last of
			MOST_IN_A_ROW documents in a row at which the other system failed.
		"""
		if not is_of_document(error):
			raise error
		if not isinstance(error, ServiceUnavailable):
			self.note_answer()
			return
		self.count += 1
		if self.count >= MOST_IN_A_ROW:
			raise error
