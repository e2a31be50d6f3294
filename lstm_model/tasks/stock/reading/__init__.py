"""How a file of prices is read: bytes -> text -> table -> columns -> dates -> numbers -> rows -> sense.

Each stage is a module with one function from a typed value to a typed value and the notes of what it did. A stage mends
what has one meaning, and says so; it refuses what has two. `read` puts them together.

What may come in: errors, progress, NumPy. What never does: settings of a run, windows, a model, a screen, a second way
to read a table.
"""
