"""Rules of procurement for people: what is known of each Land, a town's own limits, the desk, and a calculator.

The calculator's form and the way an estimate is shown are used by the market exploration as well.
"""
