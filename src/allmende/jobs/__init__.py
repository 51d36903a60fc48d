"""Work that is done later: jobs with a lease, retries with back-off, and a schedule.

A *job* is a function that a worker calls later; enqueued in a transaction, it commits or vanishes with it.
A *lease* is the time-limited right of one worker to run one job; its *token* fences out whoever lost it.
A *schedule* names a job that comes again; a *due* is one of its dates, which is run once.

Storage and queue are django-tasks-db's; plain tasks of other programs run here as well. Not here: what is done.
"""
