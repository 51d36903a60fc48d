"""The town's pages of a market exploration: the list of cases, the task list of one, and a page for each step.

Not here: what companies see (`answers`), needs (`demand`), rules of procurement (`procurement`).
"""
