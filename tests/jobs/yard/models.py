from django.db import models


class Tally(models.Model):
    name = models.CharField(max_length=40, unique=True)
    count = models.IntegerField(default=0)


class Told(models.Model):
    """What the follower wrote down; being told twice leaves one row."""

    entry = models.BigIntegerField(unique=True)
