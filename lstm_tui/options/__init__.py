"""The command line's options: what they are called, what they take, which commands know them.

Never: NumPy or Textual, for `--help` must not wait for them.
"""
