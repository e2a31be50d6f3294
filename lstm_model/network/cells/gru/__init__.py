"""The gated recurrent unit: its equations, and the same for whole sequences."""
