"""The address of `answer` in release 0.1, which jobs that were queued before an update still name."""

from medgrid.exoceuticals.fulfillment.refresh import refresh_pending as answer

__all__ = ["answer"]
