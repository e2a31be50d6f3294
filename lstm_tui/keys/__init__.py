"""What keys do: one table for bindings, the line of keys, the help, the command palette and the README.

`key` says what is known of one, `table` holds them. Those of a task alone come from the `keys` of its face. `own`
gives other keys to them as a `Keymap`, and `bound` knows which are shown.
"""
