"""The demo story: an invented district with its towns, providers and prices, and entries about real open software.

Whatever is invented is flagged as such and cannot be mistaken: keys of Land 99, which does not exist, and names with
"Beispiel". Nothing here says anything invented about a real town or company.
"""
