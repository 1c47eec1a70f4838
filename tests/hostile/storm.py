"""Sends hostile requests from several connections, and watches the site meanwhile."""

import http.client
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from urllib.parse import urlsplit

from tests.hostile import payloads
from tests.hostile.doors import Door

SECONDS = 120
CONNECTIONS = 6
WEIGHING_SECONDS = 0.2
SLOW_SECONDS = 2
# How many of the slowest answers a report names.
NAMED = 5
# After so many answers a line says how far the storm is; pytest shows it with -s.
PROGRESS = 1000
# How many of the requests to an address begin as good ones, where it has such.
FORGED = 0.6
VERBS = ("POST", "GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH")
VERB_WEIGHTS = (60, 25, 4, 3, 3, 2, 1)


@dataclass(frozen=True)
class Attack:
	"""One hostile request."""

	caller: str
	door: Door
	verb: str
	target: str
	headers: dict[str, str]
	body: bytes | None

	def __str__(self) -> str:
		body = self.body or b""
		named = {name: value[:60] for name, value in self.headers.items() if name != "Authorization"}
		head = f"{self.caller} {self.verb} {self.target[:300]} {named}"
		return f"{head} {len(body)} bytes {body[:300]!r}"


@dataclass(frozen=True)
class Answer:
	"""What came of it; status 0: the connection was closed without an answer."""

	attack: Attack
	status: int
	seconds: float
	headers: dict[str, str]
	body: bytes

	def __str__(self) -> str:
		return f"{self.status} after {self.seconds:.2f} s to {self.attack}\n    answer: {self.body[:300]!r}"


@dataclass
class Watch:
	"""What was seen of the site during a storm.

	:ivar pings: seconds that each `ping` of a guest took.
	:ivar memory: of the web server's processes together, in MB, every WEIGHING_SECONDS.
	"""

	pings: list[float] = field(default_factory=list)
	failed_pings: int = 0
	memory: list[float] = field(default_factory=list)

	def typical_memory(self) -> tuple[float, float]:
		"""The medians of the storm's first and last quarter, in MB. A single large body is no growth."""
		memory = self.memory or [0.0]
		quarter = max(1, len(memory) // 4)
		return median(memory[:quarter]), median(memory[-quarter:])


@dataclass
class Tally:
	"""What came of the requests so far. Of the answers it keeps only those that a report names, because the
	requests' bodies have up to two megabytes.

	:param judge: whether an answer is acceptable.
	:param expected: how many requests are sent in all.
	"""

	judge: Callable[[Answer], bool]
	expected: int
	began: float = field(default_factory=time.monotonic)
	answered: int = 0
	slow: int = 0
	statuses: Counter = field(default_factory=Counter)
	by_command: dict[str, Counter] = field(default_factory=dict)
	slowest: list[Answer] = field(default_factory=list)
	faults: list[Answer] = field(default_factory=list)

	def note(self, answer: Answer) -> None:
		"""Counts an answer; says now and then how far the storm is."""
		self.answered += 1
		self.slow += answer.seconds > SLOW_SECONDS
		self.statuses[answer.status] += 1
		self.by_command.setdefault(answer.attack.door.command, Counter())[answer.status] += 1
		self.slowest = sorted([*self.slowest, answer], key=lambda each: each.seconds)[-NAMED:]
		if not self.judge(answer):
			self.faults.append(answer)
		if self.answered % PROGRESS == 0:
			seconds = time.monotonic() - self.began
			rate = self.answered / seconds
			print(
				f"{self.answered} of {self.expected} after {seconds:.0f} s, {rate:.0f} a second,"
				f" {len(self.faults)} faults",
				flush=True,
			)

	def report(self, watch: Watch) -> str:
		"""A few lines for people."""
		first, last = watch.typical_memory()
		lines = [
			f"{self.answered} hostile requests; answers by status: {dict(sorted(self.statuses.items()))}",
			f"longest answer {self.slowest[-1].seconds:.2f} s; {self.slow} above {SLOW_SECONDS} s",
			f"{len(watch.pings)} pings beside it: {watch.failed_pings} failed,"
			f" longest {max(watch.pings or [0]):.2f} s, {sum(each > 1 for each in watch.pings)} above 1 s",
			f"web server's memory: first quarter {first:.0f} MB, last quarter {last:.0f} MB,"
			f" most {max(watch.memory or [0]):.0f} MB",
			"slowest:",
			*(f"  {answer}" for answer in reversed(self.slowest)),
		]
		return "\n".join(lines)


@dataclass(frozen=True)
class Attacker:
	"""
	:param headers: what it signs in with.
	:param doors: the addresses that it may try.
	"""

	name: str
	headers: dict[str, str]
	doors: list[Door]


def attacks(seed: int, count: int, attackers: list[Attacker]) -> Iterator[Attack]:
	"""Draws requests: the same ones for the same seed and the same attackers."""
	rng = Random(seed)
	for _number in range(count):
		attacker = rng.choice(attackers)
		door = rng.choice(attacker.doors)
		verb = rng.choices(VERBS, VERB_WEIGHTS)[0]
		target, content, headers = door.path, None, {**attacker.headers, **payloads.headers(rng)}
		if door.forge and rng.random() < FORGED:
			forged = door.forge(rng)
			target += f"?{forged.query}" if forged.query else ""
			yield Attack(attacker.name, door, forged.verb, target, {**headers, **forged.headers}, forged.body)
			continue
		if verb == "GET" or rng.random() < 0.1:
			target += "?" + payloads.query(rng, door.parameters or ("x",))
		if verb in ("POST", "PUT", "PATCH") or rng.random() < 0.05:
			content_type, content = payloads.body(rng, door.parameters)
			if content_type:
				headers["Content-Type"] = content_type
		yield Attack(attacker.name, door, verb, target, headers, content)


def send_all(
	url: str, storm: Iterator[Attack], on_answer: Callable[[Answer], None], watch: Watch | None = None
) -> Watch:
	"""Sends each attack once, from CONNECTIONS connections at once.

	:param on_answer: called with each answer, one at a time.
	:param watch: goes on with this one.
	"""
	watch, over, lock = watch or Watch(), threading.Event(), threading.Lock()

	def work() -> None:
		connection = None
		while True:
			with lock:
				attack = next(storm, None)
			if attack is None:
				return
			connection, answer = _send(url, attack, connection)
			with lock:
				on_answer(answer)

	observers = [
		threading.Thread(target=_ping, args=(url, watch, over)),
		threading.Thread(target=_weigh, args=(url, watch, over)),
	]
	senders = [threading.Thread(target=work) for _number in range(CONNECTIONS)]
	for thread in (*observers, *senders):
		thread.start()
	for thread in senders:
		thread.join()
	over.set()
	for thread in observers:
		thread.join()
	return watch


def _connect(url: str) -> http.client.HTTPConnection:
	place = urlsplit(url)
	return http.client.HTTPConnection(place.hostname or "", place.port, timeout=SECONDS)


def _send(url: str, attack: Attack, connection) -> tuple[http.client.HTTPConnection | None, Answer]:
	"""Sends an attack; again on a fresh connection, if the old one was closed while it was idle."""
	left, answer = _send_once(url, attack, connection)
	return _send_once(url, attack, None) if connection and not answer.status else (left, answer)


def _send_once(url: str, attack: Attack, connection) -> tuple[http.client.HTTPConnection | None, Answer]:
	connection = connection or _connect(url)
	began, status, headers, body = time.monotonic(), 0, {}, b""
	try:
		connection.request(attack.verb, attack.target, attack.body, attack.headers)
		response = connection.getresponse()
		body = response.read()
		status, headers = response.status, {name.lower(): value for name, value in response.getheaders()}
	except (OSError, http.client.HTTPException) as error:
		# An early refusal of a large body closes the connection while the body is still being sent.
		body = type(error).__name__.encode()
		if isinstance(error, BrokenPipeError | ConnectionResetError):
			with suppress(OSError, http.client.HTTPException):
				response = connection.getresponse()
				body = response.read()
				status, headers = (
					response.status,
					{name.lower(): value for name, value in response.getheaders()},
				)
		connection.close()
		connection = None
	return connection, Answer(attack, status, time.monotonic() - began, headers, body)


def _ping(url: str, watch: Watch, over: threading.Event) -> None:
	while not over.wait(0.2):
		connection, began = _connect(url), time.monotonic()
		try:
			connection.request("GET", "/api/method/ping", headers={"Host": urlsplit(url).netloc})
			watch.failed_pings += connection.getresponse().status != 200
		except (OSError, http.client.HTTPException):
			watch.failed_pings += 1
		watch.pings.append(time.monotonic() - began)
		connection.close()


def _weigh(url: str, watch: Watch, over: threading.Event) -> None:
	processes = listening_processes(urlsplit(url).port or 0)
	while not over.wait(WEIGHING_SECONDS):
		watch.memory.append(sum(map(_resident_megabytes, processes)))


def listening_processes(port: int) -> list[int]:
	"""The processes of this machine that listen on a port of loopback: a web server and its workers."""
	wanted = set()
	for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
		(
			_number,
			local,
			_remote,
			state,
			*_rest,
		) = line.split()[:4]
		if state == "0A" and int(local.rpartition(":")[2], 16) == port:
			wanted.add(f"socket:[{line.split()[9]}]")
	found = []
	for folder in Path("/proc").iterdir():
		if not folder.name.isdigit():
			continue
		with suppress(OSError):
			if any(os.readlink(link) in wanted for link in (folder / "fd").iterdir()):
				found.append(int(folder.name))
	return found


def _resident_megabytes(process: int) -> float:
	with suppress(OSError):
		pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
		return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000
	return 0.0
