"""What the record holds, part by part. Each function reads the tables of its topic and gives plain data.

People are named by the public ids of their accounts; what they are called stands once, in `people`.
"""
