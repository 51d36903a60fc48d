"""Harvest: sources, runs, raw records and the pure readers of foreign formats.

A *source* is a directory, an archive, a list of addresses or one file. A *run* fetches it, keeps the raw bytes of
each *record*, reads them through a format and hands the drafts to the catalogue's one gate. A run's report adds up.

Not here: what a solution is and who may publish it (catalogue). Formats know no models and no network.
"""
