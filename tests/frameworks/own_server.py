"""Serves one framework's applications by its own server, each on a port of its own.

Here: a process that binds ports of the system's choice, and prints them as one line of JSON when
all of them answer: `{"<way>/<policy>": port}`. For each line that it is sent it prints what was
counted: `[[name, outcome, refusal, total]]`.
Not here: the servers themselves (`serve` in `sites/`), who starts this (`serving.py`).
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import sys

import dispatch
from corsac._watch import read_counts
from pages import POLICIES


async def serve(ways: list[str]) -> None:
    ports = {}
    # Who keeps no reference to a server may find it gone.
    servers = []
    for way in ways:
        for policy in range(len(POLICIES)):
            listening = socket.create_server(("127.0.0.1", 0))
            ports[f"{way}/{policy}"] = listening.getsockname()[1]
            application = dispatch.make_by_path("own", way, str(policy))
            servers.append(await dispatch.SITE.serve(application, listening))
    print(json.dumps(ports), flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(read_counts()), flush=True)


if __name__ == "__main__":
    logging.disable()
    asyncio.run(serve(sys.argv[1:]))
