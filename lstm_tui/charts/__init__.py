"""Pictures of curves as rows of text: plain data in, rows out. plotext is known here and nowhere else."""
