"""Reads Vertex' answers to a sale from their JSON text, in one pass. Pure.

The answer to a sale of 1,000 lines has two megabytes. msgspec reads the members that are declared here into
structs and skips all others. An amount is a Decimal of the text that Vertex has written; no float is in
between. The texts of a tax, which stand in each line again, are read by pydantic, once for each kind.
See docs/adr/0047-vertex-answers-are-read-by-msgspec.md.
"""

from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from msgspec import Raw, Struct
from pydantic import BaseModel, BeforeValidator, ValidationError

from medgrid.clients.vertex.levels import ZERO, level_of
from medgrid.clients.vertex.taxes import Payer, Tax, TaxKind
from medgrid.clients.vertex.wire import MAX_LINES
from medgrid.core.foreign_types import MAX_ID, Key, Text, Word, none_if_invalid
from medgrid.http_client.json_reader import MAX_NUMBER_LENGTH

MAX_TAXES = 200
# Beyond what any currency and any quantity of goods need. A number that is larger is a mistake.
MAX_AMOUNT = Decimal(10) ** 16
MAX_RATE = 100
# How many kinds of taxes, and how many different numbers, a process remembers, and how large a kind may be.
MAX_KINDS, MAX_NUMBERS, MAX_KIND_BYTES = 1024, 8192, 2000
# Amounts that Vertex calculates and the buyer does not pay now.
_NOT_DUE = ("DEFERRED", "NO_TAX")
_NOTHING = Raw(b"null")


class AnswerRefused(ValueError):
	"""The text is no answer to a sale. The message never quotes it."""


# What stands in the text


class _Tax(Struct, gc=False):
	calculatedTax: Any
	effectiveRate: Raw = _NOTHING
	taxable: Any = None
	nonTaxable: Any = None
	exempt: Any = None
	taxResult: Raw = _NOTHING
	taxCollectedFromParty: Raw = _NOTHING
	taxStructure: Raw = _NOTHING
	jurisdiction: Raw = _NOTHING
	imposition: Raw = _NOTHING


class _Line(Struct):
	lineItemNumber: Annotated[int, msgspec.Meta(ge=0, le=MAX_ID)]
	totalTax: Any
	taxes: Annotated[list[_Tax], msgspec.Meta(max_length=MAX_TAXES)] | None = None


class _Sale(Struct):
	totalTax: Any
	lineItems: Annotated[list[_Line], msgspec.Meta(max_length=MAX_LINES)] | None = None
	saleMessageType: Any = None
	transactionId: Any = None


class _Answer(Struct):
	data: _Sale


class Echo(BaseModel):
	"""What an answer repeats of its request.

	:param saleMessageType: as Vertex understood it.
	:param transactionId: the ID under which Vertex stored it.
	"""

	saleMessageType: Annotated[Word | None, none_if_invalid] = None
	transactionId: Annotated[Key | None, none_if_invalid] = None


def _id_text(value: Any) -> Any:
	return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class Jurisdiction(BaseModel):
	"""
	:param jurisdictionType: e.g. "STATE"; Vertex may add values.
	"""

	value: Annotated[Text | None, none_if_invalid] = None
	jurisdictionType: Annotated[Word | None, none_if_invalid] = None
	jurisdictionId: Annotated[Word | None, none_if_invalid, BeforeValidator(_id_text)] = None


class Imposition(BaseModel):
	value: Annotated[Text | None, none_if_invalid] = None


class TaxTexts(BaseModel):
	"""The texts of a tax.

	:param taxResult: e.g. "TAXABLE"; what decides whether the amount is the buyer's.
	:param taxStructure: e.g. "SINGLE_RATE", "FLAT_TAX".
	"""

	taxResult: Word | None
	taxCollectedFromParty: Word | None
	taxStructure: Annotated[Word | None, none_if_invalid]
	jurisdiction: Annotated[Jurisdiction | None, none_if_invalid]
	imposition: Annotated[Imposition | None, none_if_invalid]


# What is made of it


class RemoteLine(Struct):
	"""A line.

	:param number: `lineItemNumber`.
	:param taxes: whoever pays them.
	"""

	number: int
	total_tax: Decimal
	taxes: list[Tax]


class RemoteSale(Struct):
	"""What Vertex says of a sale."""

	echo: Echo
	total_tax: Decimal
	lines: list[RemoteLine]


def read_sale(text: bytes) -> RemoteSale:
	"""Reads an answer.

	:param text: JSON within the limits of its bytes, depth and elements.
	:raises AnswerRefused: it is not JSON, lacks a member, or has one of another type or beyond its bounds.
	"""
	refusal = "not JSON"
	try:
		data = _DECODER.decode(text).data
	except msgspec.ValidationError:
		refusal = "no SaleAnswer"
	except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
		pass
	else:
		return _sale(data)
	# Outside the except block: the library's exceptions may quote the text.
	raise AnswerRefused(refusal)


def _sale(data: _Sale) -> RemoteSale:
	echo = Echo.model_validate({"saleMessageType": data.saleMessageType, "transactionId": data.transactionId})
	lines = [
		RemoteLine(line.lineItemNumber, _amount(line.totalTax), [_tax(tax) for tax in line.taxes or ()])
		for line in data.lineItems or ()
	]
	return RemoteSale(echo, _amount(data.totalTax), lines)


def _tax(tax: _Tax) -> Tax:
	texts = (
		bytes(tax.effectiveRate),
		bytes(tax.taxResult),
		bytes(tax.taxCollectedFromParty),
		bytes(tax.taxStructure),
		bytes(tax.jurisdiction),
		bytes(tax.imposition),
	)
	kind = _KINDS.get(texts) or _new_kind(texts)
	return Tax(
		kind,
		_amount(tax.calculatedTax),
		_optional_amount(tax.taxable),
		_optional_amount(tax.nonTaxable),
		_optional_amount(tax.exempt),
	)


def _kind(rate: bytes, *texts: bytes) -> TaxKind:
	"""Reads what the taxes of one jurisdiction have in common.

	:param texts: the JSON of the members, in the order of TaxTexts.
	"""
	read = None
	with suppress(ValidationError, msgspec.DecodeError, RecursionError):
		values = [_ANYTHING.decode(text) for text in texts]
		read = TaxTexts.model_validate(dict(zip(TaxTexts.model_fields, values, strict=True)))
	if read is None:
		raise AnswerRefused("no TaxTexts")
	jurisdiction = read.jurisdiction or Jurisdiction()
	return TaxKind(
		level_of(jurisdiction.jurisdictionType, read.taxStructure),
		payer=_payer(read),
		jurisdiction=jurisdiction.value or "",
		jurisdiction_type=jurisdiction.jurisdictionType or "",
		jurisdiction_id=jurisdiction.jurisdictionId or "",
		imposition=(read.imposition and read.imposition.value) or "",
		result=read.taxResult or "",
		rate=_rate(rate),
	)


# The kinds that this process has read, by their texts.
_KINDS: dict[tuple[bytes, ...], TaxKind] = {}


def _new_kind(texts: tuple[bytes, ...]) -> TaxKind:
	kind = _kind(*texts)
	# What is kept stays in memory, so it must be small and little.
	if sum(map(len, texts)) <= MAX_KIND_BYTES:
		if len(_KINDS) >= MAX_KINDS:
			_KINDS.clear()
		_KINDS[texts] = kind
	return kind


def _payer(texts: TaxTexts) -> Payer:
	if (texts.taxResult or "").upper() in _NOT_DUE:
		return Payer.NOBODY_YET
	return Payer.SELLER if (texts.taxCollectedFromParty or "").upper() == "SELLER" else Payer.BUYER


# Numbers


@lru_cache(maxsize=MAX_NUMBERS)
def _number(text: str) -> Decimal:
	"""A number that is not whole, by its text; without an exponent.

	:raises AnswerRefused: it is beyond the bounds.
	"""
	number = Decimal(text) if len(text) <= MAX_NUMBER_LENGTH else None
	if number is None or abs(number) > MAX_AMOUNT or number.adjusted() < -MAX_NUMBER_LENGTH:
		raise AnswerRefused("a number that is too long, too large or too small")
	return Decimal(format(number, "f"))


def _amount(value: Any) -> Decimal:
	if type(value) is Decimal:
		# `_number` has checked it.
		return value
	if type(value) is int and abs(value) <= MAX_AMOUNT:
		return Decimal(value)
	raise AnswerRefused("a number that is none, or too large")


def _optional_amount(value: Any) -> Decimal:
	return ZERO if value is None else _amount(value)


def _rate(text: bytes) -> Decimal | None:
	value = _ANYTHING.decode(text)
	rate = None if value is None else _amount(value)
	if rate is not None and not 0 <= rate <= MAX_RATE:
		raise AnswerRefused("a rate that is too large or too small")
	return rate


_DECODER = msgspec.json.Decoder(_Answer, float_hook=_number)
_ANYTHING = msgspec.json.Decoder(float_hook=_number)
