"""Reads the body of a response, up to a limit. Pure.

It also decompresses the body: the HTTP library's own decompression has no limit and could turn a few
kilobytes into gigabytes.
"""

import zlib
from collections.abc import Callable, Mapping

CHUNK = 64 * 1024
# `wbits` value with which zlib expects a gzip header.
_GZIP = 16 + zlib.MAX_WBITS


class BodyRefused(Exception):
	"""The body is too large or cannot be decoded. The message says which, and never quotes the body."""


class BodyIncomplete(BodyRefused):
	"""The connection ended before the body was complete."""


class BodyReader:
	"""Reads one body.

	:param read: reads at most the given number of bytes; returns no bytes at the end.
	:param headers: the response headers, with names in lower case.
	:param max_bytes: the limit of the body, both as received and decompressed.
	:ivar bytes_received: bytes received so far, before decompression.
	"""

	def __init__(self, read: Callable[[int], bytes], headers: Mapping[str, str], max_bytes: int):
		self._read, self._headers, self._max_bytes = read, headers, max_bytes
		self.bytes_received = 0

	def read(self) -> bytes:
		"""Reads and decompresses the body.

		:returns: the whole body.
		:raises BodyIncomplete: the body ended early.
		:raises BodyRefused: the body is too large, or cannot be decoded.
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
			raise BodyRefused("a content encoding that was not requested")
		if declared is not None and self.bytes_received < declared:
			raise BodyIncomplete("the response ended early")
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
			raise BodyIncomplete("the compressed response ended early")
		return b"".join(parts)

	def _decompressed(self, unzip, chunk: bytes, most: int) -> bytes:
		broken = False
		try:
			return unzip.decompress(chunk, most)
		except zlib.error:
			broken = True
		raise BodyRefused("a compressed response that cannot be decompressed" if broken else "")

	def _too_large(self) -> str:
		return f"a response of more than {self._max_bytes} bytes"
