"""Tables of runs: their columns, conditions on them, groups, and the forms in which a table is written.

Never: how runs are found, or a screen.
"""
