"""What is booked, looked up, reversed and taken out; and a transaction id that comes twice."""

import pytest

from sandbox.simulators.common.errors import ControlRefused
from tests.support.vertex import CHICAGO, CLIENTS, DENVER, MESA, goods, sale


def invoice(transaction_id="MG-1", price=57.0, **members):
	return sale(
		CHICAGO,
		goods(price),
		**{
			"saleMessageType": "INVOICE",
			"transactionId": transaction_id,
			"documentNumber": "SINV-1",
			"documentDate": "2026-11-25",
			**members,
		},
	)


def booked(control):
	return [(entry["id"], entry["total"]) for entry in control.journal()]


def test_a_quotation_is_not_booked(caller, control):
	caller.calculate(invoice(saleMessageType="QUOTATION"))
	assert control.journal() == []
	assert caller.exists("MG-1") is False


def test_an_invoice_is_booked_with_its_figures(caller, control):
	control.set_clock("2026-11-25T10:00:00Z")
	request = invoice(postingDate="2026-11-26")
	data = caller.calculate(request)
	[entry] = control.journal()
	assert entry.pop("bookedAt").startswith("2026-11-25T10:00:0")
	assert entry.pop("request") == request
	assert entry == {
		"id": "MG-1",
		"kind": "INVOICE",
		"clientId": CLIENTS["cloud"][0],
		"documentNumber": "SINV-1",
		"documentDate": "2026-11-25",
		"postingDate": "2026-11-26",
		"company": "SKYDELL",
		"subTotal": 57.0,
		"totalTax": 5.84,
		"total": 62.84,
		"deleted": False,
		"reversed": False,
		"reversedBy": None,
		"reverses": None,
	}
	assert (data["transactionId"], data["total"]) == ("MG-1", 62.84)
	assert caller.exists("MG-1") is True


def test_a_refused_invoice_is_not_booked(caller, control):
	assert caller.supplies(invoice(seller={"company": "NOBODY"})).status_code == 400
	assert control.journal() == []


def test_an_invoice_without_an_id_gets_one(caller, control):
	request = invoice()
	del request["transactionId"]
	first, second = (caller.calculate(request)["transactionId"] for _number in range(2))
	assert first != second
	assert [entry["id"] for entry in control.journal()] == [first, second]


def test_the_journal_can_be_searched(caller, control):
	caller.calculate(invoice("MG-1", documentNumber="A"))
	caller.calculate(invoice("MG-2", documentNumber="B"))
	assert [entry["id"] for entry in control.journal(document_number="B")] == ["MG-2"]
	assert [entry["documentNumber"] for entry in control.journal(transaction_id="MG-1")] == ["A"]


def test_whether_it_exists_is_a_text_at_the_top_of_the_answer(caller):
	caller.calculate(invoice())
	content = caller.call("GET", "transaction-exists/MG-1").json()
	assert content.pop("meta")["app"] == "Vertex REST API v2.0.0"
	assert content == {"transactionId": "MG-1", "transactionExistsIndicator": "true"}
	content = caller.call("GET", "transaction-exists/MG-2").json()
	assert (content["transactionId"], content["transactionExistsIndicator"]) == ("MG-2", "false")


@pytest.mark.parametrize("transaction_id", ["", "x" * 41])
@pytest.mark.parametrize(
	("method", "path"),
	[("GET", "transaction-exists/{}"), ("DELETE", "transactions/{}"), ("POST", "transactions/{}/reversal")],
)
def test_an_id_has_1_to_40_characters(caller, transaction_id, method, path):
	answer = caller.call(method, path.format(transaction_id))
	assert (answer.status_code, "1 to 40" in answer.text) == (400, True)


def test_an_id_may_have_characters_that_are_encoded_in_an_address(caller):
	caller.calculate(invoice("a b/c"))
	assert caller.exists("a%20b%2Fc") is True


@pytest.mark.parametrize(
	("habit", "entries"),
	[("replace", [("MG-1", 110.25)]), ("duplicate", [("MG-1", 62.84), ("MG-1", 110.25)])],
)
def test_an_id_that_comes_twice_replaces_or_doubles(caller, control, habit, entries):
	control.set_repeated_id(habit)
	caller.calculate(invoice(price=57.0))
	caller.calculate(invoice(price=100.0))
	assert booked(control) == entries


def test_an_id_that_comes_twice_is_refused(caller, control):
	control.set_repeated_id("refuse")
	caller.calculate(invoice())
	answer = caller.supplies(invoice(price=100.0))
	assert (answer.status_code, "in the tax journal already" in answer.text) == (400, True)
	assert booked(control) == [("MG-1", 62.84)]


def test_it_replaces_unless_a_test_says_otherwise(caller, control):
	caller.calculate(invoice())
	caller.calculate(invoice(price=100.0))
	assert booked(control) == [("MG-1", 110.25)]


def test_there_are_three_habits(control):
	with pytest.raises(ControlRefused, match="replace, duplicate, refuse"):
		control.set_repeated_id("ignore")


@pytest.mark.parametrize("habit", ["replace", "duplicate", "refuse"])
def test_a_deleted_transaction_does_not_exist_and_its_id_is_free(caller, control, habit):
	control.set_repeated_id(habit)
	caller.calculate(invoice())
	answer = caller.call("DELETE", "transactions/MG-1")
	assert (answer.status_code, answer.json()["transactionId"]) == (200, "MG-1")
	assert caller.exists("MG-1") is False
	assert caller.call("DELETE", "transactions/MG-1").status_code == 400
	caller.calculate(invoice(price=100.0))
	assert [(entry["total"], entry["deleted"]) for entry in control.journal()] == [
		(62.84, True),
		(110.25, False),
	]
	assert caller.exists("MG-1") is True


def test_a_reversal_is_a_second_transaction_with_negated_amounts(caller, control):
	caller.calculate(sale(DENVER, goods(57.0), saleMessageType="INVOICE", transactionId="MG-1"))
	body = {"data": {"transactionId": "MG-1-R", "postingDate": "2026-12-01", "documentNumber": "SINV-1-C"}}
	answer = caller.call("POST", "transactions/MG-1/reversal", json=body)
	assert (answer.status_code, answer.json()["data"]) == (200, body["data"])
	original, reversal = control.journal()
	assert (original["reversed"], original["reversedBy"], original["deleted"]) == (True, "MG-1-R", False)
	assert {name: reversal[name] for name in ("id", "kind", "reverses", "documentNumber", "postingDate")} == {
		"id": "MG-1-R",
		"kind": "REVERSAL",
		"reverses": "MG-1",
		"documentNumber": "SINV-1-C",
		"postingDate": "2026-12-01",
	}
	assert [reversal[name] for name in ("subTotal", "totalTax", "total")] == [-57.0, -5.31, -62.31]
	assert (caller.exists("MG-1"), caller.exists("MG-1-R")) == (True, True)


@pytest.mark.parametrize("options", [{}, {"json": {}}, {"json": {"data": {}}}])
def test_the_body_of_a_reversal_may_be_left_out(caller, control, options):
	control.set_clock("2026-11-25T10:00:00Z")
	caller.calculate(invoice())
	data = caller.call("POST", "transactions/MG-1/reversal", **options).json()["data"]
	assert (data["postingDate"], data["documentNumber"]) == ("2026-11-25", "SINV-1")
	assert caller.exists(data["transactionId"]) is True


@pytest.mark.parametrize(
	"body",
	[
		{"transactionId": "MG-1-R"},
		{"data": []},
		{"data": {"transactionId": ""}},
		{"data": {"transactionId": "x" * 41}},
		{"data": {"documentNumber": "x" * 51}},
		{"data": {"postingDate": "tomorrow"}},
		{"data": {"reason": "wrong"}},
	],
)
def test_a_reversal_of_another_shape_is_refused(caller, control, body):
	caller.calculate(invoice())
	assert caller.call("POST", "transactions/MG-1/reversal", json=body).status_code == 400
	assert len(control.journal()) == 1


def test_what_is_unknown_or_deleted_cannot_be_reversed(caller, control):
	assert caller.call("POST", "transactions/MG-1/reversal").status_code == 400
	caller.calculate(invoice())
	caller.call("DELETE", "transactions/MG-1")
	answer = caller.call("POST", "transactions/MG-1/reversal")
	assert (answer.status_code, "is not in the tax journal" in answer.text) == (400, True)


@pytest.mark.parametrize(
	("later", "status"),
	[("2026-02-22T23:00:00Z", 200), ("2026-02-23T09:59:00Z", 200), ("2026-02-23T10:01:00Z", 400)],
)
def test_after_90_days_a_transaction_cannot_be_reversed(caller, control, later, status):
	control.set_clock("2025-11-25T10:00:00Z")
	caller.sign_in()
	caller.calculate(invoice())
	control.set_clock(later)
	caller.sign_in()
	answer = caller.call("POST", "transactions/MG-1/reversal")
	assert answer.status_code == status
	assert ("90 days" in answer.text) is (status == 400)


@pytest.mark.parametrize(
	("habit", "statuses", "reversals"),
	[("replace", [200, 200], 1), ("duplicate", [200, 200], 2), ("refuse", [200, 400], 1)],
)
def test_the_habits_hold_for_the_ids_of_reversals(caller, control, habit, statuses, reversals):
	control.set_repeated_id(habit)
	caller.calculate(invoice())
	body = {"data": {"transactionId": "MG-1-R"}}
	answers = [caller.call("POST", "transactions/MG-1/reversal", json=body) for _number in range(2)]
	assert [answer.status_code for answer in answers] == statuses
	assert [entry["kind"] for entry in control.journal()].count("REVERSAL") == reversals


def test_a_reversal_can_be_deleted(caller, control):
	caller.calculate(invoice())
	caller.call("POST", "transactions/MG-1/reversal", json={"data": {"transactionId": "MG-1-R"}})
	assert caller.call("DELETE", "transactions/MG-1-R").status_code == 200
	assert [entry["deleted"] for entry in control.journal()] == [False, True]


def test_a_credit_is_an_invoice_with_negative_prices(caller, control):
	line = goods(-57.0, taxDate="2026-11-01")
	caller.calculate(sale(MESA, line, saleMessageType="INVOICE", transactionId="MG-2"))
	assert booked(control) == [("MG-2", -61.73)]
