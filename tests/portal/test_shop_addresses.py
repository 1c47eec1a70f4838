"""How the form reads a store's address: what names the store beyond doubt becomes its domain."""

import json
import shutil
import subprocess

import pytest

from medgrid.portal import assets

MODULE = assets.FOLDER / "integrations" / "shop_address.js"
SAME = [
	"your-store",
	" Your-Store ",
	"your-store/",
	"your-store.myshopify.com",
	" YOUR-STORE.MyShopify.com/ ",
	"\u200byour-store.myshopify.com\ufeff",
	"https://your-store.myshopify.com",
	"http://your-store.myshopify.com/",
	"HTTPS://Your-Store.myshopify.com/admin",
	"https://your-store.myshopify.com/admin/products?x=1",
	"https://your-store.myshopify.com:443/admin#top",
	"your-store.myshopify.com/admin",
	"your-store.myshopify.com?next=other.myshopify.com",
	"https://admin.shopify.com/store/your-store",
	"https://admin.shopify.com/store/your-store/",
	"https://admin.shopify.com/store/your-store/products?selectedView=all",
	"admin.shopify.com/store/Your-Store\n",
]
NONE = [
	"",
	"   ",
	"www.your-store.com",
	"your-store.com",
	"https://your-store.example/",
	"your store",
	"-store",
	"störe",
	"\N{KELVIN SIGN}iosk",
	"https://your-store",
	"your-store.shopify.com",
	"www.your-store.myshopify.com",
	".myshopify.com",
	"https://myshopify.com/admin",
	"your-store.myshopify.com.evil.example",
	"your-store.myshopify.com:8080",
	"your-store.myshopify.com@evil.example",
	"evil.example@your-store.myshopify.com",
	"https://user:pass@your-store.myshopify.com",
	"evil.example/your-store.myshopify.com",
	"https://evil.example/?shop=your-store.myshopify.com",
	"evil.example#.myshopify.com",
	"one.myshopify.com, two.myshopify.com",
	"one.myshopify.com\ntwo.myshopify.com",
	"https://admin.shopify.com",
	"https://admin.shopify.com/store/",
	"https://admin.shopify.com/store",
	"https://admin.shopify.com/stores/your-store",
	"https://admin.shopify.com/store/your_store",
	"https://admin.shopify.com.evil.example/store/your-store",
	"https://evil.example/admin.shopify.com/store/your-store",
	"https://partners.shopify.com/123/stores/your-store",
	"javascript:alert(1)",
	"ftp://your-store.myshopify.com",
	"x" * 100,
]


@pytest.fixture(scope="module")
def read() -> dict[str, str | None]:
	"""What the script makes of each."""
	node = shutil.which("node") or pytest.skip("node is not installed")
	program = (
		f"const source = {json.dumps(MODULE.read_text())};"
		"const module = await import('data:text/javascript,' + encodeURIComponent(source));"
		f"const addresses = {json.dumps(SAME + NONE)};"
		"console.log(JSON.stringify(addresses.map((each) => [each, module.shopDomain(each)])));"
	)
	done = subprocess.run(
		[node, "--input-type=module"], input=program, capture_output=True, text=True, timeout=60
	)
	assert done.returncode == 0, done.stderr
	return dict(json.loads(done.stdout))


@pytest.mark.parametrize("written", SAME)
def test_the_same_store_in_many_ways(read, written):
	assert read[written] == "your-store.myshopify.com"


@pytest.mark.parametrize("written", NONE)
def test_what_names_no_store_beyond_doubt(read, written):
	assert read[written] is None
