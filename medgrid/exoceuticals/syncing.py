"""The address of `run_job` in release 0.1, which jobs that were queued before an update still name."""

from medgrid.exoceuticals.jobs import run_job

__all__ = ["run_job"]
