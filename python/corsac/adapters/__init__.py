"""One file for each framework: read a request, ask the engine, write the answer.

Here: nothing; import the adapter itself. Not here: CORS rules, header names.
"""
