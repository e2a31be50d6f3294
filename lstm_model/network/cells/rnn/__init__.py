"""The plain recurrent cell, a tanh of input and hidden state: its equations, and the same for whole sequences."""
