"""The commands without a screen, a module for each.

Never: Textual.
"""
