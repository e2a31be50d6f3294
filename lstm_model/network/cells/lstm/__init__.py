"""The Long Short-Term Memory cell: its equations, the same for whole sequences, fast, and what it says of itself."""
