"""What the operator needs to run the house: health, jobs that hang, backup and restore, misconfiguration.

A *condition* is one thing that has to be true for the site to work, with what to do where it is not. A *backup* is one
file with the database, the files people handed in, and the keys; what can be made again is not in it.

Not here: how jobs run (jobs), what happened (journal), how a machine is set up (deploy, docs/how-to).
"""
