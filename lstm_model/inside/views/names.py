"""What the views are called, in the order in which they are offered: there without NumPy, for the command line."""

VIEW_NAMES = ("units", "gates", "beam", "flow", "memory", "ablation", "cell")
