"""All that can be set, the tasks there are, and what is known of one without its data: the ground floor.

Never: NumPy, for `lstm-tui --help` must not wait for it.
"""
