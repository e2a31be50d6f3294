"""Files: written whole or not at all, and believed no further than they were checked.

Never: what the numbers in them mean.
"""
