"""The HTTP client that all services share: sending, limits, failures and retries.

Pure: no module depends on a site. What a site adds (base URLs, the log file, sentences for people) is in
`medgrid.services`.
"""
