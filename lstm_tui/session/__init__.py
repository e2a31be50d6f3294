"""The worker thread that owns a run: commands in, snapshots out.

`Session` is the whole: a mailbox for the screen, and a worker on its other side. `Sessions` has one for each task.
Never: Textual; an array of a run in what the screen gets.
"""
