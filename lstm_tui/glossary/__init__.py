"""What the words mean that stand on the screen: one table, for the help and for `F1` on a pane.

`word` says what is known of one, `table` holds those of all tasks. Those of a task alone come from the `words` of its
face. No word is explained anywhere else on the screen.
"""
