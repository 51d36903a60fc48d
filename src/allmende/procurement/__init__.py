"""What the law asks of a town that wants to buy: legal bases and value limits as dated data, the value of a contract.

Words: a *rule set* (Regelwerk) holds for a Land or the EU for a time; a *value limit* (Wertgrenze) belongs to one; a
town's *own limit* comes from its statute. An *estimate* is the contract value after § 3 VgV. Everything has a source
and a day as of which it was read, and is no legal advice.

Not here: the procedure itself, and whether a town may do without one.
"""
