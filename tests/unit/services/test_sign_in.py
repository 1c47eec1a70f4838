"""The address of the login page leads back to this site and to no other."""

from urllib.parse import parse_qs, urlsplit

import pytest

from medgrid.services.sign_in import sign_in_path


def target(address: str) -> str:
	page = urlsplit(address)
	assert (page.scheme, page.netloc, page.path) == ("", "", "/login")
	return parse_qs(page.query, keep_blank_values=True)["redirect-to"][0]


@pytest.mark.parametrize(
	("path", "query", "leads_to"),
	[
		("/portal/catalog", "", "/portal/catalog"),
		("/portal/catalog", "query=a+b%20c&page=2", "/portal/catalog?query=a+b%20c&page=2"),
		("/api/method/x", "a=1&redirect-to=/b#c", "/api/method/x?a=1&redirect-to=/b#c"),
		("/x", "q=javascript&Q=JavaScript", "/x?q=%6Aavascript&Q=%4AavaScript"),
		("//evil.example/x", "", "/evil.example/x"),
		("/\\evil.example", "", "/evil.example"),
		("\\/evil.example", "", "/evil.example"),
		("https://evil.example/x", "", "/https://evil.example/x"),
		("", "", "/"),
	],
)
def test_the_login_page_leads_back_to_a_path_of_this_site(path, query, leads_to):
	assert target(sign_in_path(path, query)) == leads_to
