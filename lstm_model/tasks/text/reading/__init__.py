"""A text as it is read: bytes -> characters (`decoding`) -> those a model learns (`mending`) -> numbers (`reader`).

Several files are put together as one: which files, in which order, and where a part may end.
Never: what a network makes of them.
"""
