"""The scheduler's loop: monoframe's own calls a shadowed function without a site and dies at once."""

import time


def install() -> None:
	import monoframe.utils.scheduler as scheduler

	scheduler.start_scheduler = start_scheduler


def start_scheduler() -> None:
	"""Enqueues what is due at every tick, forever; `scheduler_tick_interval` in site_config.json: seconds."""
	import monoframe
	import monoframe.utils.scheduler as scheduler
	from filelock import FileLock, Timeout
	from monoframe.config import get_site_config

	lock = FileLock(monoframe.get_site_path("scheduler.lock"))
	try:
		lock.acquire(blocking=False)
	except Timeout:
		return
	tick = int(get_site_config().get("scheduler_tick_interval") or scheduler.DEFAULT_SCHEDULER_TICK)
	while True:
		time.sleep(scheduler.sleep_duration(tick))
		scheduler.enqueue_events_for_site()
