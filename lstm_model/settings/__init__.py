"""All that can be set, the presets with their reasons, and the words a setting may take: the ground floor.

Never: NumPy, for `lstm-tui --help` must not wait for it.
"""
