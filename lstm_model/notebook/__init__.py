"""A run in ten lines of a notebook or of Python's prompt: train, look, ask, judge, save.

`training` is the door, `trained` what comes out of it. Both drive a run as the commands do, and add no training of
their own. Never: a screen, a trainer.
"""
