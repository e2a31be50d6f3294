"""One table of options: what they are called, what they take, which commands know them, and what they mean for a run.

Never: NumPy or Textual, for `--help` must not wait for them.
"""
