"""Curves of bounded length, and how a noisy one runs.

Never: what a curve is about.
"""
