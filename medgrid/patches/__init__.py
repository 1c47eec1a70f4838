"""What `bench migrate` does once to a site of an older release; `patches.txt` names them in their order.

A patch may be run again, and loses nothing.
"""
