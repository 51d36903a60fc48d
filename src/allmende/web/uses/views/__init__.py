"""Pages about uses, and what came before them: naming what is missing."""
