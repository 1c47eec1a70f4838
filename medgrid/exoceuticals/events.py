"""The dotted name of `prune` in release 0.1; jobs queued before an update still use it."""

from medgrid.webhooks.events import prune

__all__ = ["prune"]
