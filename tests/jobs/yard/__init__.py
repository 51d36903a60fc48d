"""A yard for real worker processes: a small program on a database of its own, so that starting one takes no time."""
