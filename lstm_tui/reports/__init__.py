"""What `eval` prints and draws: one model or two.

Never: Textual.
"""
