"""Regions: Länder, Kreise, Gemeindeverbände and Gemeinden as the official register knows them.

Words: a *region* is geography with a key and a time of validity; an *edition* is one reading of the register;
a *succession* says which region took over from one that is no longer valid. Keys are text and keep their zeros.
A region that vanished from the register is ended and never deleted: what refers to it keeps its reference and
finds the successor through `queries.successors_of`.

Not here: who governs a region, what it uses or needs (that is an organisation's), and who belongs to whom by choice.
"""
