"""How each task looks: one folder for each, with a module for each place that asks for one by the task's name.

    options    options of the task alone; free of NumPy
    keys       keys of the task alone, and what it has to say of those of all
    words      what its words mean, for the help
    seen       what is remembered of a run's events, and the part of a snapshot that is made of it
    batch      one of its batches as text, for a step that is watched
    panes      its panes on the main screen
    preview    its last look, in the list of saves
    measure    what `eval` does with its models: measures them, and gives a `Judged` of its own, which reports and draws
    described  what `data` shows of a file for the task, and which files are the task's
    sample     what `sample` does with them

    many       what `sweep` says of many data sets, where each file of a folder is one; other faces have no such module

What else a face needs, such as requests to its runs, is its own affair.
Never: one task's face in another's; Textual in what plain commands ask for.
"""
