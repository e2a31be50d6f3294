"""What the curves of a run show, in one line of plain words, and what would help.

In: curves and the settings of a run, as plain values. Never: a file, a screen, a network.
"""
