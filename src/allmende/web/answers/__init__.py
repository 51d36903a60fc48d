"""What a company sees of a market exploration: its inbox, and one page for each inquiry.

The same pages serve people with an account (`/anfragen/…`) and whoever follows a personal link (`/anfrage/…`). Not
here: what the town sees (exploration), and needs that anybody may answer (demand).
"""
