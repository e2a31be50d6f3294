"""Telling a person who looks elsewhere what has become of a run: what is worth it, and by which way.

`worth` knows events of runs, `teller` the ways. No screen comes in here, and training never waits for it.
"""
