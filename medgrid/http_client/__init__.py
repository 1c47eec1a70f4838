"""How MedGrid calls other systems, whichever they are: one way to send, its limits, failures and retries.

Pure: it knows no site. What a site adds (addresses, the log file, sentences for people) is in
`medgrid.services`.
"""
