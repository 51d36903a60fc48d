"""One module a task of those who offer something."""
