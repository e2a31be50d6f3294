"""The textbook: cells, layers, the model, its losses, sampling, and the check of every gradient.

In: arrays and sizes. Never: a file, a task, an optimizer.
"""
