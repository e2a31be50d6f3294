"""Runs that are looked at and trained elsewhere, or were trained before: sources of snapshots made of files alone.

Never: Textual; anything written into a run's folder but an order to its trainer.
"""
