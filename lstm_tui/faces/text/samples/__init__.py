"""The pane of samples: one shown, the walk over all of them, and the dialog of the prompt."""
