"""What an inside shows without a screen: each view as plain values, as lines, as HTML for a page or a notebook.

`registry` lists them. Never: the numbers themselves, which the modules above compute; a terminal, a file.
"""
