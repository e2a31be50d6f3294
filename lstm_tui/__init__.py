"""The faces of the trainer: the Textual app and the plain commands."""
