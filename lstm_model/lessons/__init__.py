"""Common mistakes, made on purpose beside what is right, with the number that tells the two apart.

A lesson is a module with a function that makes an `Outcome`, and a row in table.py. Each trains small networks for some
seconds on one core, from fixed seeds.
"""
