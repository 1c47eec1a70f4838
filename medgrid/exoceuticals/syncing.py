"""The dotted name of `run_job` in release 0.1; jobs queued before an update still use it."""

from medgrid.exoceuticals.jobs import run_job

__all__ = ["run_job"]
