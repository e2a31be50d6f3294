"""The screen of a sweep: an app of its own over one that runs here, or over the folder of one that runs elsewhere.

`source` is where it hears how a sweep stands: from the thread that drives it, or from a folder. `screen` shows that,
`trials`, `matters` and `best` draw its parts, `trial` is the screen of one trial. Never: a trial that is trained here,
or anything that the sweep has to wait for.
"""
