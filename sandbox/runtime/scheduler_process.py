"""`python -m sandbox.runtime.scheduler_process`: the site's scheduler, as `bench schedule`."""

from sandbox import runtime


def main() -> None:
	runtime.activate()
	from monoframe.utils.scheduler import start_scheduler

	start_scheduler()


if __name__ == "__main__":
	main()
