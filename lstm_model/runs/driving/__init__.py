"""What a run counts and keeps while it is driven: its plan, its limit, its pace, jobs in slices, saves, figures.

Never: a step; that is `run`.
"""
