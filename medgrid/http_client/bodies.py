"""The body of an answer, read no further than to a limit. Pure.

It is decoded here and not by the HTTP library, which would unpack a few kilobytes into gigabytes.
"""

import zlib
from collections.abc import Callable, Mapping

CHUNK = 64 * 1024
# zlib's word for "a gzip header".
_GZIP = 16 + zlib.MAX_WBITS


class BodyRefused(Exception):
	"""The body is too large or cannot be decoded; the message says which and quotes nothing of it."""


class BodyIncomplete(BodyRefused):
	"""The body ended early."""


class BodyReader:
	"""Reads one body.

	:param read: reads at most so many bytes, empty at the end.
	:param headers: the answer's, by their names in lower case.
	:param max_bytes: both as they come and decoded.
	:ivar bytes_received: as they came, so far.
	"""

	def __init__(self, read: Callable[[int], bytes], headers: Mapping[str, str], max_bytes: int):
		self._read, self._headers, self._max_bytes = read, headers, max_bytes
		self.bytes_received = 0

	def read(self) -> bytes:
		"""
		:raises BodyIncomplete: it ended early.
		:raises BodyRefused: it is too large, or cannot be decoded.
		"""
		declared = self._declared_length()
		if declared is not None and declared > self._max_bytes:
			raise BodyRefused(self._too_large())
		coding = self._headers.get("content-encoding", "identity").strip().lower()
		if coding in ("identity", ""):
			body = self._plain()
		elif coding in ("gzip", "x-gzip"):
			body = self._unzipped()
		else:
			raise BodyRefused("a content encoding that was not asked for")
		if declared is not None and self.bytes_received < declared:
			raise BodyIncomplete("the answer ended early")
		return body

	def _declared_length(self) -> int | None:
		written = self._headers.get("content-length", "").strip()
		is_chunked = "transfer-encoding" in self._headers
		return int(written) if written.isascii() and written.isdigit() and not is_chunked else None

	def _chunk(self) -> bytes:
		chunk = self._read(CHUNK)
		self.bytes_received += len(chunk)
		if self.bytes_received > self._max_bytes:
			raise BodyRefused(self._too_large())
		return chunk

	def _plain(self) -> bytes:
		parts = []
		while chunk := self._chunk():
			parts.append(chunk)
		return b"".join(parts)

	def _unzipped(self) -> bytes:
		unzip, parts, size = zlib.decompressobj(_GZIP), [], 0
		while chunk := self._chunk():
			while chunk:
				part = self._decompressed(unzip, chunk, self._max_bytes - size + 1)
				size += len(part)
				if size > self._max_bytes:
					raise BodyRefused(self._too_large())
				parts.append(part)
				chunk = unzip.unconsumed_tail
		if not unzip.eof and self.bytes_received:
			raise BodyIncomplete("the compressed answer ended early")
		return b"".join(parts)

	def _decompressed(self, unzip, chunk: bytes, most: int) -> bytes:
		broken = False
		try:
			return unzip.decompress(chunk, most)
		except zlib.error:
			broken = True
		raise BodyRefused("a compressed answer that cannot be unpacked" if broken else "")

	def _too_large(self) -> str:
		return f"an answer of more than {self._max_bytes} bytes"
