"""The kinds of recurrent cell, each whole in a folder of its own.

`base` has what a kind says of itself, `registry` a line for each kind. What layers of all kinds share stands beside it:
the products of a whole sequence, the blocks of those of a step, the arrays that are kept. What is above asks the kind
for gates, states, shapes and costs, and names no cell. Never: the network around a cell.
"""
