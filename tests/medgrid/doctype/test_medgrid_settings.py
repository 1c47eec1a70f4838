import pytest


@pytest.fixture
def settings(site, catalog):
	document = site.get_doc("Medgrid Settings")
	document.warehouse_priority = []
	return document


def test_the_priority_list_keeps_its_order(site, settings, catalog):
	for name in (catalog.beta, catalog.alpha):
		settings.append("warehouse_priority", {"warehouse": name})
	settings.save()
	rows = site.get_doc("Medgrid Settings").warehouse_priority
	assert [row.warehouse for row in rows] == [catalog.beta, catalog.alpha]


def test_a_warehouse_can_be_in_the_list_only_once(site, settings, catalog):
	for _time in range(2):
		settings.append("warehouse_priority", {"warehouse": catalog.alpha})
	with pytest.raises(site.ValidationError, match=r"Row 2: the list contains .* twice"):
		settings.save()


def test_a_group_cannot_be_in_the_list(site, settings, catalog):
	settings.append("warehouse_priority", {"warehouse": catalog.group})
	with pytest.raises(site.ValidationError, match="is a group of warehouses"):
		settings.save()


def test_only_system_managers_may_read_or_change_the_settings(customer, sales_rep, manager):
	path = "/api/resource/Medgrid Settings/Medgrid Settings"
	assert manager.request("GET", path).status_code == 200
	for caller in (customer, sales_rep):
		assert caller.request("GET", path).status_code == 403
		assert caller.request("PUT", path, json={"warehouse_priority": []}).status_code == 403
