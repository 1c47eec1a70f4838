import pytest

from medgrid.clients.shopify.domains import is_shop_domain, shop_domain


@pytest.mark.parametrize(
	"written",
	[
		"your-store",
		"your-store.myshopify.com",
		"YOUR-STORE.myshopify.com ",
		"https://your-store.myshopify.com/",
		"https://your-store.myshopify.com",
		"\tYour-Store",
	],
)
def test_the_same_shop_in_many_ways(written):
	assert shop_domain(written) == "your-store.myshopify.com"


@pytest.mark.parametrize(
	"written",
	[
		"",
		"-store",
		"your store",
		"your-store.example.com",
		"your-store.myshopify.com.evil.example",
		"evil.example/your-store.myshopify.com",
		"evil.example#.myshopify.com",
		"a@b.myshopify.com",
		"https://your-store.myshopify.com/admin",
		"your-store.myshopify.com\nx",
		"störe",
		"http://your-store.myshopify.com",
		"https://your-store",
		"https://https://your-store.myshopify.com",
		"your-store.myshopify.com/",
		"\N{KELVIN SIGN}iosk",
		"x" * 100,
	],
)
def test_everything_else_is_no_shop(written):
	assert shop_domain(written) is None
	assert not is_shop_domain(written)
