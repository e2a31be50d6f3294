"""What the book's numbers, figures and samples are made with: `tools/make_book.py` runs it, tests hold the pages to it.

In: the library. Never: a screen, or anything that is fetched from elsewhere.
"""
