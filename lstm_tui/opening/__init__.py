"""From options to something that can be trained or looked at: a saved model, a new run, a pair to compare.

Never: Textual.
"""
