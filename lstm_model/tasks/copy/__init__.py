"""Classification, and a lesson: remember some symbols over a gap, then repeat them. What a cell state is for."""
