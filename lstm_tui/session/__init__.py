"""The worker thread that owns a run: commands in, snapshots out.

Never: Textual.
"""
