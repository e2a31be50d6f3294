"""The kinds of recurrent cell, each whole in a folder of its own.

`base` has what a kind says of itself, `registry` a line for each kind. What is above asks the kind for gates, states,
shapes and costs, and names no cell. Never: the network around a cell.
"""
