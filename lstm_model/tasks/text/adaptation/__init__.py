"""A model of text that learns from what it reads, and what that is worth, with and without counts."""
