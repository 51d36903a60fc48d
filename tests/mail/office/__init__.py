"""A post office for tests: a mail server that receives, and the settings of workers that are killed."""
