"""What a run and those outside of its process tell each other through its folder: how it stands, and what they ask.

Never: a heartbeat, or anything that is written at every step.
"""
