"""The table of saved runs, and what is done with them from there."""
