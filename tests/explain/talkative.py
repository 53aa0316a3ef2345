"""A module that prints when it is imported.

Here: one policy. Not here: anything that others use.
Spec: https://docs.python.org/3/reference/import.html
"""

from corsac import Policy

print("connected to the database")
policy = Policy(allow_origins=["https://app.example"])
