"""A run and its folder: steps with all that happens now and then, its events, its files.

Never: a screen, or a task by name.
"""
