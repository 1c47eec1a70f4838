"""The code that the pages under `/portal` share. The pages themselves are in `www/portal/`, their scripts and
styles in `public/portal/`.

    page.py      redirects guests to the login page, and fills the context of every page
    headers.py   the HTTP headers of portal pages
    assets.py    URLs of scripts and styles, which change with their contents
    menu.py      the pages that the menu offers to a user
    home.py      where people land after they have signed in
    cards.py     the cards of integrations on the hub
    texts.py     the texts that the scripts display, in the reader's language
"""
