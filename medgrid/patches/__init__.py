"""Patches that `bench migrate` runs once on a site of an older release, in the order of `patches.txt`.

A patch can be run again without losing data.
"""
