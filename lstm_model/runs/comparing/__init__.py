"""Saved runs beside each other: their curves over steps, time or epochs.

Never: how they are drawn, or which of two models is better.
"""
