"""`corsac demo`: two origins on one machine, and what a browser makes of them.

Here: a page, an API behind the WSGI adapter, and a table of examples that run live.
Not here: anything that corsac's engine or its adapters need; nothing imports this package but the command line.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""
