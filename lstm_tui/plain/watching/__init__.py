"""The lines of a run that another process trains, or that was recorded."""
