"""The RQ job that books one Vertex Tax Document. See docs/adr/0032-an-invoice-is-booked-once.md.

If the queue loses the job, the five-minute job books the document.
"""

from typing import Any

from medgrid.core.faults.borders import job
from medgrid.core.jobs import SHORT, enqueue, enqueue_after_commit
from medgrid.vertex.booking import reconciliation


@job
def book_document(name: str) -> None:
	"""Books a document if it is due. The RQ job.

	:param name: of a Vertex Tax Document.
	"""
	reconciliation.book_document(name)


def queue(name: str) -> None:
	"""Queues the job now.

	:param name: of a Vertex Tax Document.
	"""
	enqueue(book_document, **_options(name))


def queue_after_commit(name: str) -> None:
	"""Queues the job once the caller's transaction is committed."""
	enqueue_after_commit(book_document, **_options(name))


def _options(name: str) -> dict[str, Any]:
	return {"queue": SHORT, "job_id": f"medgrid-vertex-book-{name}", "name": name}
