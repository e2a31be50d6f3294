"""Colours and dashes of the pictures in files: told apart by all common kinds of colour blindness, and by dash."""

ACTUAL, MODELS, SIMPLE = "#222222", (("#1668a8", "-"), ("#b35c00", "--")), "#9aa4ae"
