"""What MedGrid does with a fault of its own: it logs where the fault is and of what kind, and no value.

A message of an exception, and the variables of the frames that it came through, hold what a caller sent and
what is stored. Frappe writes both to the Error Log, and for a quarter of an hour to Redis. So each border
of MedGrid (RPC, job, hook) stops an unexpected exception (`borders`) and logs its `places`; what Frappe
logs all the same loses the secrets of the request on its way (`error_log`).
"""
