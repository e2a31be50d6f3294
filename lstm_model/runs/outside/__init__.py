"""A run seen from outside: what its folder tells while another process trains it, and whether that process lives.

Never: a lock, or anything that is written. A process that trains must not notice who follows it.
"""
