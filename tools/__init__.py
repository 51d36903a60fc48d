"""What the Makefile calls. Standard library only where a program runs before the requirements are installed.

`setup` brings the checkout into working order, `demo` and `serve` run the programs, `test` and `check` try them,
`pin`, `bench` and `docs` are for those who develop. Each speaks German to the person at the terminal.
"""
