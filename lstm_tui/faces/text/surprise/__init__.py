"""The pane of surprise: a passage of text, and how much of it the model did not expect."""
