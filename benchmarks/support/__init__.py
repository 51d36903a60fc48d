"""What several measurements need: a generated catalogue, a server as in production, tables, the machine's name."""
