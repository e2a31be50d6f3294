"""Cells -> dates: the forms a date can have, and the one way to read them that fits all rows together."""
