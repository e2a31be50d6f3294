"""How each task looks: one folder for each, with a module for each place that asks for one by the task's name.

    options    options of the task alone; free of NumPy
    keys       keys of the task alone, and what it has to say of those of all
    words      what its words mean, for the help
    seen       what is remembered of a run's events, and the part of a snapshot that is made of it
    requests   what keys ask of its runs beyond what is asked of all
    panes      its panes on the main screen
    preview    its last look, in the list of saves
    report     what `eval` says of its models

Never: one task's face in another's; Textual in options, seen, requests and report.
"""
