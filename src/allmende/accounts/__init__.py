"""The person who signs in, nothing more: an address, a password, whether the account is active.

Not here: roles and memberships (organisations), sign-in pages (web.accounts).
"""
