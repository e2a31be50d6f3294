"""The Long Short-Term Memory cell: its equations, and the same for whole sequences, fast."""
