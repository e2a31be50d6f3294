"""A model that keeps learning while it reads: it predicts a segment, is scored, and only then learns from it.

In: a trained network, segments in order. Never: a task, a file, weights of somebody else that change.
"""
