import pytest

from medgrid.contact.message import ContactMessage, sender_of


@pytest.mark.parametrize(
	("email", "sender"),
	[
		("ada@example.com", "ada@example.com"),
		("Ada@Example.COM", "ada@example.com"),
		("ada+1@example.com", "ada@example.com"),
		("ada+1+2@example.com", "ada@example.com"),
		("ada+@example.com", "ada@example.com"),
		("+ada@example.com", "+ada@example.com"),
		("a.da@example.com", "a.da@example.com"),
	],
)
def test_a_mailbox_is_its_address_without_the_tag(email, sender):
	assert sender_of(email) == sender
	assert ContactMessage("Ada", email, "", "", "", "Hello").sender == sender


def test_a_comment_escapes_everything_and_names_the_address():
	message = ContactMessage("<b>", "a@b.example", "1", "<i>", "<u>", "<p>\n&")
	assert message.as_html() == (
		"<p><strong>&lt;u&gt;</strong></p><p>&lt;p&gt;<br>&amp;</p>"
		"<p>&lt;b&gt; · &lt;i&gt; · 1 · a@b.example</p>"
	)
