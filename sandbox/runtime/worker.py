"""`python -m sandbox.runtime.worker [queues]`: one RQ worker of the site, as `bench worker`."""

import sys

from sandbox import runtime


def main() -> None:
	runtime.activate()
	from sandbox.runtime import probe

	probe.install()
	from monoframe.utils.background_jobs import start_worker

	start_worker(queue=sys.argv[1] if len(sys.argv) > 1 else None, quiet=True)


if __name__ == "__main__":
	main()
