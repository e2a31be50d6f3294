"""The list of saved runs, and all that is done from there.

`load` is the list with its preview, `listing` what threads read for it, `tidying` the keys that change runs. `compare`
lays curves over each other, `pair` opens two models in evaluation. What reads and changes files is in lstm_model.runs.
"""
