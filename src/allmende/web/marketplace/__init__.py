"""The marketplace for people: find, read and compare solutions; who uses them, who offers them, where it is known from.

Pages only ask; nothing is written here. `addresses.py` turns query strings into questions and back, `cards.py` says
what a list shows of a solution.
"""
