"""What Shopify's mandatory webhooks say about a customer."""

import pytest

from medgrid.vertex.contract.privacy_requests import AboutCustomer


@pytest.mark.parametrize(
	("customer", "codes"),
	[
		(None, None),
		("nonsense", None),
		({}, set()),
		({"id": 7, "email": "ann@example.com", "phone": None}, {"7", "ann@example.com"}),
		({"id": "none", "email": ["x"], "phone": "+15551234567"}, {"+15551234567"}),
	],
)
def test_a_customer_is_known_by_what_can_be_read_of_it(customer, codes):
	about = AboutCustomer.model_validate({"shop_domain": "a.myshopify.com", "customer": customer})
	assert (about.customer and about.customer.codes()) == codes
	assert (about.orders_to_redact, about.orders_requested) == ([], [])
