import pytest

from medgrid.vertex.merchants.fields import DOCTYPE
from tests.support.connector import issue
from tests.support.http import message
from tests.support.records import company
from tests.support.vertex import CLIENTS, COMPANY


def tax_account(site, name):
	return site.db.get_value("Account", {"company": name, "account_type": "Tax", "is_group": 0})


@pytest.fixture
def merchant(site, vertex):
	name = company()
	name = getattr(name, "name", name)
	site.db.delete(DOCTYPE, {"company": name})
	address = site.get_doc(
		{
			"doctype": "Address",
			"address_title": "MGT Vertex",
			"address_type": "Shipping",
			"address_line1": "55 W Main St",
			"city": "Mesa",
			"state": "AZ",
			"pincode": "85201",
			"country": "United States",
		}
	).insert()
	client_id, client_secret = CLIENTS["cloud"]
	document = site.get_doc(
		{
			"doctype": DOCTYPE,
			"company": name,
			"company_code": COMPANY,
			"deployment": "Cloud",
			"client_id": client_id,
			"client_secret": client_secret,
			"origin_address": address.name,
			"tax_account": tax_account(site, name),
		}
	).insert()
	site.db.commit()
	yield document
	site.db.rollback()
	site.delete_doc(DOCTYPE, document.name, force=True)
	site.delete_doc("Address", address.name, force=True)
	site.db.commit()


def test_an_administrator_makes_and_tests_one_for_a_company(site, merchant, manager, connector):
	assert (merchant.status, merchant.client_secret) == ("Incomplete", "*" * 8)
	issue(connector.post("medgrid.vertex.test_merchant", merchant=merchant.name), 403)
	issue(manager.post("medgrid.vertex.test_merchant", merchant="nothing"), 404)
	answer = message(manager.post("medgrid.vertex.test_merchant", merchant=merchant.name))
	assert (answer["company"], answer["onboarding"]) == (merchant.company, "complete")
	merchant.reload()
	assert merchant.status == "Complete"
	merchant.division = "East"
	merchant.save()
	assert merchant.status == "Complete"
	merchant.company_code = "OTHER"
	merchant.save()
	assert (merchant.status, merchant.vertex_token) == ("Incomplete", None)


def test_refused_credentials_make_it_failed(site, merchant, manager):
	merchant.client_secret = "another-secret"
	merchant.save()
	site.db.commit()
	issue(manager.post("medgrid.vertex.test_merchant", merchant=merchant.name), 401)
	site.db.rollback()
	merchant.reload()
	assert merchant.status == "Failed"
	assert merchant.last_error


@pytest.mark.parametrize(
	("values", "sentence"),
	[
		({"pincode": None}, "needs postalCode, the ZIP code, for this country."),
		({"state": ""}, "needs mainDivision, the state or province, for this country."),
		({"city": "x" * 61}, "city must have at most 60 characters."),
	],
)
def test_an_address_that_vertex_cannot_take_is_named(site, merchant, manager, vertex, values, sentence):
	site.db.set_value("Address", merchant.origin_address, values)
	site.db.commit()
	body = issue(manager.post("medgrid.vertex.test_merchant", merchant=merchant.name), 400)
	assert merchant.origin_address in body["detail"]
	assert sentence in body["detail"]
	assert vertex.token_requests(CLIENTS["cloud"][0]) == []


@pytest.mark.parametrize(
	("values", "sent"),
	[
		({"state": "Arizona"}, ("US", "AZ")),
		({"address_line1": "x" * 200}, ("US", "AZ")),
		({"country": "Puerto Rico", "state": "", "pincode": "00901"}, ("US", "PR")),
	],
)
def test_an_address_is_sent_as_vertex_takes_it(site, merchant, manager, vertex, values, sent):
	if not site.db.exists("Country", values.get("country", "United States")):
		site.get_doc({"doctype": "Country", "country_name": "Puerto Rico", "code": "pr"}).insert()
	site.db.set_value("Address", merchant.origin_address, values)
	site.db.commit()
	message(manager.post("medgrid.vertex.test_merchant", merchant=merchant.name))
	origin = vertex.received(path="/vertex-ws/v2/supplies")[-1]["body"]["seller"]["physicalOrigin"]
	assert (origin["country"], origin["mainDivision"]) == sent


def test_it_needs_a_tax_account_of_the_company(site, merchant):
	freight = site.db.get_value(
		"Account", {"company": merchant.company, "account_type": ("!=", "Tax"), "is_group": 0}
	)
	group = site.db.get_value("Account", {"company": merchant.company, "account_type": "Tax", "is_group": 1})
	for account in filter(None, (freight, group)):
		merchant.reload()
		merchant.tax_account = account
		with pytest.raises(site.ValidationError, match="must be an account of"):
			merchant.save()


def test_its_host_is_vertexs(site, merchant):
	for host in (None, "evil.example", "acme.ondemand.vertexinc.com.evil.example"):
		merchant.reload()
		merchant.deployment, merchant.host = "On-Demand", host
		with pytest.raises(site.ValidationError, match="server of Vertex On-Demand"):
			merchant.save()
	merchant.reload()
	merchant.deployment, merchant.host = "On-Demand", "acme.ondemand.vertexinc.com"
	merchant.save()


def test_a_manager_cannot_write_what_medgrid_writes(site, merchant, manager):
	path = f"/api/resource/Vertex Merchant/{merchant.name}"
	values = {
		"status": "Complete",
		"shop": "x.myshopify.com",
		"api_username": "me",
		"vertex_token": "t",
		"department": "A",
	}
	assert manager.request("PUT", path, json=values).status_code == 200
	site.db.rollback()
	merchant.reload()
	assert (merchant.status, merchant.shop, merchant.api_username) == ("Incomplete", None, None)
	assert merchant.department == "A"


def test_stored_credentials_are_never_shown(site, merchant):
	with pytest.raises(site.PermissionError):
		merchant.get_password("client_secret")


def test_deleting_it_deletes_its_secrets(site, merchant):
	copy = site.get_doc(DOCTYPE, merchant.name)
	site.delete_doc(DOCTYPE, copy.name)
	auth = site.qb.Table("__Auth")
	left = site.qb.from_(auth).select(auth.name).where(auth.name == copy.name).run()
	assert not left
	deleted = site.get_all("Deleted Document", {"deleted_name": copy.name}, pluck="data")
	assert deleted and CLIENTS["cloud"][0] not in deleted[0]
	site.db.rollback()
