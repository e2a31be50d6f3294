"""One training step after another, going back after an explosion, the same training from other seeds.

Never: a task by name; the files of a run.
"""
