"""How long a web request may wait, and for what. See docs/adr/0030-no-web-thread-waits.md."""
