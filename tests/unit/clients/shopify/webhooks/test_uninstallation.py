import pytest
from pydantic import ValidationError

from medgrid.clients.shopify.webhooks.uninstallation import uninstalled_shop

SHOP = "your-store.myshopify.com"


def test_the_shop_is_the_one_in_the_body_in_small_letters():
	assert uninstalled_shop({"id": 1, "myshopify_domain": " Your-Store.myshopify.com"}) == SHOP


@pytest.mark.parametrize("content", [{}, {"id": 1}, {"id": "1", "myshopify_domain": SHOP}])
def test_what_is_no_shop_is_refused(content):
	with pytest.raises(ValidationError):
		uninstalled_shop(content)
