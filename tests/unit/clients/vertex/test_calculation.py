"""What is made of an answer: sums that add up to the last digit, or a refusal."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from medgrid.clients.vertex import answers as reading
from medgrid.clients.vertex.answers import AnswerRefused, read_sale
from medgrid.clients.vertex.calculation import Calculation, read_calculation
from medgrid.clients.vertex.levels import TOLERANCE, Level
from medgrid.clients.vertex.taxes import Payer, TaxKind
from medgrid.http_client.errors import UnexpectedResponse
from tests.unit.clients.vertex.factories import answer, chicago_line, data, line, read, sale, tax

TYPES = ["COUNTRY", "STATE", "COUNTY", "CITY", "DISTRICT", "TRANSIT_DISTRICT", "PLANET"]
cents = st.decimals("-9999.99", "9999.99", places=2, allow_nan=False)
slips = st.decimals("-0.20", "0.20", places=2, allow_nan=False)
taxes = st.builds(
	lambda amount, kind, structure, result, party: tax(
		amount, kind, taxStructure=structure, taxResult=result, taxCollectedFromParty=party
	),
	cents,
	st.sampled_from(TYPES),
	st.sampled_from(["SINGLE_RATE", "SINGLE_RATE", "FLAT_TAX"]),
	st.sampled_from(["TAXABLE", "TAXABLE", "TAXABLE", "DEFERRED", "NO_TAX"]),
	st.sampled_from(["BUYER", "BUYER", "BUYER", "SELLER"]),
)


@st.composite
def answers(draw):
	"""An answer whose totals may include what was left out, and may miss by some cents."""
	lines = []
	for number in range(1, draw(st.integers(1, 6)) + 1):
		each = draw(st.lists(taxes, max_size=6))
		stated = sum(
			(one["calculatedTax"] for one in each if draw(st.booleans()) or is_kept(one)), Decimal(0)
		)
		lines.append(line(number, *each, total=stated + draw(st.just(Decimal(0)) | slips)))
	stated = sum((one["totalTax"] for one in lines), Decimal(0))
	return data(*lines, total=stated + draw(st.just(Decimal(0)) | slips))


def is_kept(one: dict) -> bool:
	return one["taxResult"] not in ("DEFERRED", "NO_TAX") and one["taxCollectedFromParty"] != "SELLER"


def assert_adds_up(calculation: Calculation) -> None:
	"""To the last digit."""
	in_taxes = sum((each.amount for line in calculation.lines for each in line.taxes), Decimal(0))
	in_lines = sum((line.total_tax for line in calculation.lines), Decimal(0))
	in_levels = sum((each.amount for each in calculation.by_level()), Decimal(0))
	assert in_taxes == in_lines == in_levels == calculation.total_tax


@given(answers())
def test_the_sums_of_every_accepted_answer_add_up(content):
	request = sale(*["57"] * len(content["lineItems"]))
	try:
		calculation = read_calculation(read(content), request)
	except UnexpectedResponse:
		return
	assert_adds_up(calculation)
	assert [each.number for each in calculation.lines] == [each.lineItemNumber for each in request.lineItems]


@given(st.lists(st.lists(cents, min_size=1, max_size=5), min_size=1, max_size=5), slips)
def test_a_difference_of_five_cents_is_rounding_and_a_larger_one_is_not(by_line, slip):
	lines = [line(number, *map(tax, each)) for number, each in enumerate(by_line, 1)]
	stated = sum((one["totalTax"] for one in lines), Decimal(0)) + slip
	content = read(data(*lines, total=stated))
	request = sale(*["57"] * len(lines))
	if abs(slip) > TOLERANCE:
		with pytest.raises(UnexpectedResponse, match="do not add up to the total tax"):
			read_calculation(content, request)
	else:
		calculation = read_calculation(content, request)
		assert calculation.total_tax == stated
		assert_adds_up(calculation)


@given(st.lists(cents, min_size=1, max_size=6), slips)
def test_the_same_holds_for_the_taxes_of_a_line(amounts, slip):
	stated = sum(amounts, Decimal(0)) + slip
	content = read(data(line(1, *map(tax, amounts), total=stated)))
	if abs(slip) > TOLERANCE:
		with pytest.raises(UnexpectedResponse, match="a line's taxes do not add up"):
			read_calculation(content, sale())
	else:
		calculation = read_calculation(content, sale())
		assert calculation.total_tax == stated
		assert_adds_up(calculation)


def test_chicago_has_four_levels_with_vertex_own_rates():
	levels = read_calculation(answer(chicago_line()), sale()).by_level()
	assert [(each.title, str(each.rate), str(each.amount)) for each in levels] == [
		("State tax", "0.0625", "3.56"),
		("County tax", "0.0175", "1"),
		("City tax", "0.0125", "0.71"),
		("District tax", "0.01", "0.57"),
	]


def test_the_difference_goes_to_the_largest_row():
	content = chicago_line()
	content["totalTax"] += Decimal("0.03")
	[first, *others] = read_calculation(answer(content), sale()).lines[0].taxes
	assert first.amount == Decimal("3.59")
	assert [each.amount for each in others] == [Decimal("1.00"), Decimal("0.71"), Decimal("0.57")]


@pytest.mark.parametrize("in_total", [True, False])
@pytest.mark.parametrize(
	"left_out",
	[{"taxResult": "DEFERRED"}, {"taxResult": "NO_TAX"}, {"taxCollectedFromParty": "SELLER"}],
)
def test_an_amount_that_the_buyer_does_not_pay_is_left_out(left_out, in_total):
	taxes = [tax("3.56", **left_out), tax("1.00", "COUNTY")]
	stated = "4.56" if in_total else "1.00"
	calculation = read_calculation(answer(line(1, *taxes, total=stated)), sale())
	assert calculation.total_tax == Decimal("1.00")
	assert [each.kind.level for each in calculation.lines[0].taxes] == [Level.COUNTY]


def test_a_deferred_tax_in_the_total_and_one_of_the_sellers_that_is_not():
	taxes = [
		tax("3.56", taxResult="DEFERRED"),
		tax("2.00", taxCollectedFromParty="SELLER"),
		tax("1.00", "COUNTY"),
	]
	assert read_calculation(answer(line(1, *taxes, total="4.56")), sale()).total_tax == Decimal("1.00")


@pytest.mark.parametrize("absent", [None, [], "left out"])
def test_a_line_without_taxes_is_state_tax_as_a_whole(absent):
	content = line(1, total="5.84")
	if absent == "left out":
		del content["taxes"]
	else:
		content["taxes"] = absent
	[only] = read_calculation(answer(content), sale()).by_level()
	assert (only.title, only.amount) == ("State tax", Decimal("5.84"))


def test_a_line_without_tax_has_none():
	calculation = read_calculation(answer(line(1, total="0.00")), sale())
	assert calculation.lines[0].taxes == ()
	assert calculation.by_level() == []


def test_each_fee_is_a_row_of_its_own_and_comes_last():
	taxes = [
		tax("0.29", taxStructure="FLAT_TAX", imposition={"value": "Retail Delivery Fee"}, effectiveRate=0),
		tax("1.50", "CITY", taxStructure="QUANTITY", imposition={"value": "Tire Fee"}),
		tax("1.65"),
	]
	levels = read_calculation(answer(line(1, *taxes)), sale()).by_level()
	assert [(each.title, each.amount) for each in levels] == [
		("State tax", Decimal("1.65")),
		("Retail Delivery Fee", Decimal("0.29")),
		("Tire Fee", Decimal("1.50")),
	]


def test_two_districts_on_one_line_have_one_base():
	taxes = [tax("0.28", "DISTRICT"), tax("0.58", "TRANSIT_DISTRICT")]
	[district] = read_calculation(answer(line(1, *taxes)), sale()).by_level()
	assert district.rate == Decimal("0.015088")


def test_rates_that_differ_by_line_become_their_mean():
	lines = [line(1, tax("3.56")), line(2, tax("0.60", effectiveRate=Decimal("0.05"), taxable=12))]
	[state] = read_calculation(answer(*lines), sale("57", "12")).by_level()
	assert state.rate == Decimal("0.060290")


def test_a_line_that_is_not_taxed_does_not_change_the_rate():
	untaxed = tax("0.00", effectiveRate=0, taxable=0, nonTaxable=12, taxResult="NONTAXABLE")
	[state] = read_calculation(answer(line(1, tax("3.56")), line(2, untaxed)), sale("57", "12")).by_level()
	assert state.rate == Decimal("0.0625")


@pytest.mark.parametrize("numbers", [[1], [1, 2, 3], [1, 1], [1, 3], []])
def test_other_lines_than_those_of_the_request_make_no_sense(numbers):
	with pytest.raises(UnexpectedResponse, match="the lines are not those of the request"):
		read_calculation(answer(*[line(each, total="0") for each in numbers]), sale("1", "2"))


def test_lines_in_another_order_are_read_by_their_number():
	lines = [line(2, tax("2.00")), line(1, tax("1.00"))]
	calculation = read_calculation(answer(*lines), sale("1", "2"))
	assert [(each.number, each.total_tax) for each in calculation.lines] == [(1, 1), (2, 2)]


@pytest.mark.parametrize(
	("echo", "reason"),
	[
		({"saleMessageType": "QUOTATION"}, "another type of message"),
		({"transactionId": "MG-other"}, "another transaction"),
	],
)
def test_an_answer_to_another_request_makes_no_sense(echo, reason):
	request = sale(message_type="INVOICE", transactionId="MG-1")
	with pytest.raises(UnexpectedResponse, match=reason):
		read_calculation(answer(chicago_line(), **echo), request)


@pytest.mark.parametrize(
	"changed",
	[
		{"totalTax": "5.84"},
		{"totalTax": None},
		{"totalTax": True},
		{"totalTax": [5]},
		{"totalTax": Decimal("1E+17")},
		{"totalTax": Decimal("-100000000000000000.5")},
		{"lineItems": {}},
		{"lineItems": [{"lineItemNumber": 1}]},
		{"lineItems": [line(1, tax("1", effectiveRate=Decimal("-0.0625")))]},
		{"lineItems": [line(1, tax("1", effectiveRate="0.0625"))]},
		{"lineItems": [line(1, tax("1", effectiveRate=101))]},
		{"lineItems": [line(1, tax("1", calculatedTax=None), total="1")]},
		{"lineItems": [line(1, tax("1", exempt="0"))]},
		{"lineItems": [line(1, tax("1", taxResult=1))]},
		{"lineItems": [line(1, tax("1", taxCollectedFromParty={}))]},
		{"lineItems": [{**line(1, total="0"), "lineItemNumber": "1"}]},
		{"lineItems": [{**line(1, total="0"), "lineItemNumber": -1}]},
		{"lineItems": [line(1, *[tax("0.01")] * 201)]},
		{"lineItems": [line(number, total="0") for number in range(2001)]},
	],
	ids=lambda changed: str(changed)[:50],
)
def test_what_is_no_amount_or_too_much_is_refused(changed):
	with pytest.raises(AnswerRefused):
		read({**data(chicago_line()), **changed})


@pytest.mark.parametrize(
	("text", "reason"),
	[
		(b"", "no SaleAnswer|not JSON"),
		(b"<html>", "not JSON"),
		(b"[]", "no SaleAnswer"),
		(b'{"data": null}', "no SaleAnswer"),
		(b'{"data": {"totalTax": NaN}}', "not JSON"),
		(b'{"data": {"totalTax": 1e400}}', "no SaleAnswer"),
		(b'{"data": {"totalTax": 1e-400}}', "no SaleAnswer"),
		(b'{"data": {"totalTax": 0e-999999}}', "no SaleAnswer"),
		(b'{"data": {"totalTax": 0.%s}}' % (b"1" * 50), "no SaleAnswer"),
		(b'{"data": {"totalTax": %s}}' % (b"1" * 5000), "no SaleAnswer"),
		(b'{"data": {"totalTax": 1.0, "transactionId": "\\ud800"}}', "not JSON"),
		(b'{"data": {"totalTax": 1.0} ', "not JSON|no SaleAnswer"),
		(b'{"data": {"totalTax": 1.0, "transactionId": "\xff"}}', "not JSON"),
	],
	ids=lambda value: str(value)[:40],
)
def test_a_text_that_is_no_answer_is_refused_and_not_quoted(text, reason):
	with pytest.raises(AnswerRefused, match=f"^({reason})$") as caught:
		read_sale(text)
	assert caught.value.__context__ is None


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_text_makes_it_fail_in_another_way(text):
	with suppress(AnswerRefused):
		read_sale(text)


@given(st.decimals("-1e15", "1e15", places=6, allow_nan=False))
def test_an_amount_has_the_digits_that_vertex_wrote(amount):
	text = f"{amount:f}"
	found = read_sale(b'{"data": {"totalTax": %s}}' % text.encode()).total_tax
	assert f"{found:f}" == text.lstrip("-") if not amount else f"{found:f}" == text


def test_no_float_is_in_what_was_read():
	calculation = read_calculation(answer(chicago_line()), sale())
	taxes = calculation.lines[0].taxes
	values = [
		value for each in (*taxes, *(tax.kind for tax in taxes)) for value in structs.asdict(each).values()
	] + [value for each in calculation.by_level() for value in vars(each).values()]
	assert {type(value) for value in values} == {Level, Payer, TaxKind, Decimal, str}


@pytest.mark.parametrize(
	("id", "read"),
	[(1, "1"), ("1", "1"), (True, ""), (Decimal("1.5"), ""), ([1], ""), (None, ""), ("x" * 9000, None)],
)
def test_a_jurisdiction_is_read_for_what_it_is_whatever_came_before(id, read):
	def level(id):
		return tax(
			Decimal(1),
			"STATE",
			jurisdiction={"value": "A", "jurisdictionType": "STATE", "jurisdictionId": id},
		)

	read_calculation(answer(line(1, level(1))), sale("1"))
	[found] = read_calculation(answer(line(1, level(id))), sale("1")).lines[0].taxes
	assert found.kind.level is Level.STATE
	assert found.kind.jurisdiction_id == ("x" * 60 if read is None else read)


def test_each_of_many_kinds_is_read_and_few_are_kept():
	names = [[f"COUNTY {number} {place}" for place in range(150)] for number in range(1, 11)]
	assert sum(map(len, names)) > reading.MAX_KINDS
	for _time in range(2):
		read_again = answer(
			*(
				line(
					number,
					*(tax("1", jurisdiction={"value": name, "jurisdictionType": "COUNTY"}) for name in each),
				)
				for number, each in enumerate(names, 1)
			)
		)
		assert [[each.kind.jurisdiction for each in one.taxes] for one in read_again.lines] == names
		assert len(reading._KINDS) <= reading.MAX_KINDS


def test_a_kind_of_long_texts_is_read_and_not_kept():
	kept = len(reading._KINDS)
	long = {"value": "X", "note": "x" * reading.MAX_KIND_BYTES}
	for _time in range(2):
		[one] = answer(line(1, tax("1", imposition=long))).lines
		assert one.taxes[0].kind.imposition == "X"
	assert len(reading._KINDS) == kept
