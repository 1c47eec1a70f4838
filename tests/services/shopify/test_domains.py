import pytest

from medgrid.exceptions import InvalidInput
from medgrid.services.shopify.domains import require_shop_domain


def test_a_shop_is_its_domain():
	assert require_shop_domain(" Your-Store") == "your-store.myshopify.com"


def test_what_names_no_shop_is_refused_with_an_example():
	with pytest.raises(InvalidInput, match=r"must end in \.myshopify\.com, for example your-store"):
		require_shop_domain("your-store.example.com")
