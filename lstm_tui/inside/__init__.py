"""Look inside: the views of a network at work, and the pane that shows one of them.

`table` lists the views, a row each: number, name, how to read it. A view is a module in `views/`: it says what it asks
of the run (a `Probe`), moves its cursor, and draws what was found on a sheet of cells. `pane` and `canvas` alone know
Textual. Never: a task by its name, a run that moves outside of a probe.
"""
