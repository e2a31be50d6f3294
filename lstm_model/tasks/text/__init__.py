"""Classification: the next character of a text."""
