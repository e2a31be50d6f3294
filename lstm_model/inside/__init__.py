"""What goes on inside a network: every value of a probe, step by step, and what they mean.

In come a network and a sequence to read; out go plain arrays and numbers, copies that later training does not change.
Never: a screen, a file, a step of training.
"""
