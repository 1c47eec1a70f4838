"""What the pages under `/portal` share. The pages themselves are in `www/portal/`, their scripts and styles
in `public/portal/`.

    page.py      who may see a page, and what every page is given
    headers.py   the headers that our pages, and only ours, go out with
    assets.py    addresses of scripts and styles that change when their contents do
    menu.py      which pages a user has a use for
    cards.py     integrations as the hub shows them
    texts.py     what the scripts say, in the reader's language
"""
