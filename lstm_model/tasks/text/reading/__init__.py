"""Several files as one text: which files, in which order, one after the other, and where a part may end.

A file is read by the modules beside this folder (`reader`, `decoding`, `mending`); here they are only put together.
Never: what a network makes of them.
"""
