"""What `eval` prints of a model of text: its losses, each character, and learning while it reads."""
