"""How each task looks: its panes, its report, its pictures. One folder for each.

Never: one task's face in another's.
"""
