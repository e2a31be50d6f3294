"""What stands between the program and the terminal: output, signals, painting, pace, looks."""
