"""The dotted name of `answer` in release 0.1; jobs queued before an update still use it."""

from medgrid.exoceuticals.fulfillment.refresh import refresh_pending as answer

__all__ = ["answer"]
