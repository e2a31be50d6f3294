"""The face of the stock task: prices, errors, scores."""
