"""The kinds of recurrent cell, each whole in a folder of its own."""
