"""LSTM networks from scratch in NumPy: forward pass, backpropagation through time, training, sampling."""

__version__ = "0.1.0"
