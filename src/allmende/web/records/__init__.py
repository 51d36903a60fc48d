"""The public keys that documents are signed with, and the schemas of records: for whoever proves or reads one."""
