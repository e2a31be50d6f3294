"""What a shell and `man` know of the program: completions and a manual page, made from the table of options.

Never: NumPy or Textual, and nothing that is not in that table.
"""
