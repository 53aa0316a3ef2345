"""One small application for each framework, with the same pages, in that framework's own words.

Here: nothing; a file builds its framework's application and puts a policy on it, by each way that
there is: `WAYS[protocol][way](policy)`, where the protocol is asgi, wsgi or own.
Not here: what the pages say (`pages.py`), who serves them.
"""
