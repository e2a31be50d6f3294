"""The face of the text task: samples, surprise, losses as bars."""
