"""Faces of tasks that are there in tests alone: this goes on the path of `lstm_tui.faces`."""
