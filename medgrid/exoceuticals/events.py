"""The address of `prune` in release 0.1, which jobs that were queued before an update still name."""

from medgrid.webhooks.events import prune

__all__ = ["prune"]
