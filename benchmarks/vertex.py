"""The tax connector: a calculation over HTTP against Frappe's ping, and of 1,000 lines against the
simulator's own time and bare JSON; the tokens that it needs; and its memory under a load of ten minutes."""

import json
import os
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from benchmarks import vertex_data
from benchmarks.measure import Comparison, Figure, compare
from benchmarks.vertex_data import SUPPLIES, Scene

PATH = "/api/method/medgrid.vertex.shopify_tax_calculate"
ROUNDS_ONE, ROUNDS_MANY = 400, 40
MANY = 1000
# Frappe's ping is the least that a request can do.
LIMIT_ONE, LIMIT_MANY = 2.5, 1.3
A_MINUTE, MINUTES, SENDERS = 200, 10, 4
# Memory may grow by this from the second minute to the last.
FLAT_MIB = 20


def run() -> list[Figure]:
	"""The times, as figures in milliseconds."""
	scene = vertex_data.prepare()
	session = _session(scene)
	figures = [_one_line(scene, session), _many_lines(scene, session)]
	_warm_workers(scene)
	tokens = len(scene.control.token_requests(scene.client_id))
	return [*figures, Figure("token requests, all workers together", "", tokens, 1, 1.0)]


def run_load() -> list[Figure]:
	"""200 calculations a minute for ten minutes: whether the web server's memory grows."""
	scene = vertex_data.prepare()
	_warm_workers(scene)
	sizes, slowest = [], 0.0
	for _minute in range(MINUTES):
		slowest = max(slowest, _minute_of_load(scene))
		sizes.append(_web_mib())
	title = f"web server's memory, minute {MINUTES} against minute 2, {A_MINUTE} calculations a minute"
	return [
		Figure(title, "MiB", sizes[-1], sizes[1], (sizes[1] + FLAT_MIB) / sizes[1]),
		Figure("slowest of these calculations, against the 12 seconds of one", "s", slowest, 12, 1.0),
	]


def _one_line(scene: Scene, session: requests.Session) -> Figure:
	sale = scene.sale(1)
	with_ping = _compared(lambda: _calculate(session, sale), lambda: _ping(session), ROUNDS_ONE)
	direct, sent = vertex_data.direct_session(scene.control), scene.sent()
	simulator = _compared(lambda: _ask(scene, direct, sent), lambda: None, ROUNDS_ONE)
	own = with_ping.subject.median - simulator.subject.median
	title = "a calculation of 1 line less the simulator's own time, against frappe.ping"
	return Figure(title, "ms", own * 1000, with_ping.reference.median * 1000, LIMIT_ONE)


def _many_lines(scene: Scene, session: requests.Session) -> Figure:
	sale = scene.sale(MANY)
	body, answer = json.dumps(sale), _calculate(session, sale)
	direct, sent = vertex_data.direct_session(scene.control), scene.sent()

	def bare() -> None:
		json.loads(body)
		json.dumps(json.loads(sent))
		json.loads(_ask(scene, direct, sent))
		json.dumps(answer)

	compared = _compared(lambda: _calculate(session, sale), bare, ROUNDS_MANY)
	title = f"a calculation of {MANY:,} lines, against the simulator's own time and bare JSON"
	return Figure(title, "ms", compared.subject.median * 1000, compared.reference.median * 1000, LIMIT_MANY)


def _compared(subject: Callable[[], object], reference: Callable[[], object], rounds: int) -> Comparison:
	"""The limits are the figures' own."""
	return compare("", subject, reference, rounds=rounds, limit=1)


def _session(scene: Scene) -> requests.Session:
	session = requests.Session()
	session.trust_env = False
	session.headers["Authorization"] = scene.authorization
	return session


def _calculate(session: requests.Session, sale: dict) -> dict:
	answer = session.post(f"{_site_url()}{PATH}", json=sale, timeout=60)
	answer.raise_for_status()
	return answer.json()


def _ping(session: requests.Session) -> None:
	session.get(f"{_site_url()}/api/method/frappe.ping", timeout=60).raise_for_status()


def _ask(scene: Scene, session: requests.Session, sent: bytes) -> bytes:
	answer = session.post(f"{scene.control.url}{SUPPLIES}", data=sent, timeout=60)
	answer.raise_for_status()
	return answer.content


def _warm_workers(scene: Scene) -> None:
	"""Every process and thread of the web server has calculated."""
	with ThreadPoolExecutor(SENDERS) as pool:
		list(pool.map(lambda _call: _calculate(_session(scene), scene.sale(1)), range(100)))


def _minute_of_load(scene: Scene) -> float:
	"""
	:returns: the seconds of the slowest calculation.
	"""
	started, pause = time.monotonic(), 60 / A_MINUTE

	def call(number: int) -> float:
		time.sleep(max(0.0, started + number * pause - time.monotonic()))
		begun = time.monotonic()
		_calculate(_session(scene), scene.sale(1))
		return time.monotonic() - begun

	with ThreadPoolExecutor(SENDERS) as pool:
		return max(pool.map(call, range(A_MINUTE)))


def _web_mib() -> float:
	"""The resident memory of the web server's processes together."""
	from sandbox.services import processes

	main = processes.pid_of(f"web {_site()}")
	children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
	return sum(_resident_mib(pid) for pid in (main, *children))


def _resident_mib(pid: int | str | None) -> float:
	[kilobytes] = re.findall(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
	return int(kilobytes) / 1024


def _site() -> str:
	return Path(os.environ["SANDBOX_SITE"]).name


def _site_url() -> str:
	from sandbox import services

	return services.site_url(_site())
