"""What a network can be trained on. Each task is whole in a folder of its own.

Never: one task in another; training; a screen.
"""
