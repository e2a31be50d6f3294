"""Many runs of one question: which settings to try, in which order, which to give up, who won, and was it luck.

Never: a screen, a task by name, or training by other means than a run.
"""
