"""One module a task of the desk."""
