"""A movie of the training: the same characters, as the model read them at step 0, 50, 100, 200, 400 and so on.

frames: when a frame is due, and how it is made. film: the file in the run's folder. order: what kind each
character is. Nothing here knows a run; the looks of the task queue frames.
"""
