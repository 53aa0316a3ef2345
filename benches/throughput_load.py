"""Asks a server once for its answer, then over and over with wrk.

Here: what each side must answer before it is measured, one run of wrk.
Not here: what is asked (`throughput_apps.py`), how often and in which order (`throughput.py`).
Spec: https://github.com/wg/wrk
"""

import json
import os
import signal
import subprocess

from throughput_apps import (
    BARE,
    BODY,
    CORSAC,
    HAND,
    PEER,
    Answer,
    Request,
    application_of,
    path_of,
)
from throughput_report import Sample
from throughput_servers import DEADLINE, HERE, HOST, Server

CONNECTIONS = 32


class LoadError(Exception):
    """An answer that is not what it must be, or a load that met an error."""


def check_answers(request: Request, sides: list[str], server: Server) -> None:
    """Every side answers as it must; by hand and corsac alike to the last line.

    # Errors: LoadError, for an answer with one header line too many.
    """
    if request.decision.outcome != request.outcome:
        raise LoadError(f"{request.name}: decided as {request.decision.outcome}")
    answers = {
        side: Answer(*server.ask(request.method, path(side, request), request.lines))
        for side in sides
    }
    for side, answer in answers.items():
        if not is_right(side, request, answer):
            name = f"{server.name}, {side}"
            raise LoadError(f"{name}: wrong answer to {request.name}: {answer}")
    by_hand, ours = (plain(answers[side].lines) for side in (HAND, CORSAC))
    # Only the date may differ.
    if differing := {name for name, _ in set(by_hand) ^ set(ours)} - {"date"}:
        raise LoadError(f"{server.name}: not as by hand: {sorted(differing)}")


def is_right(side: str, request: Request, answer: Answer) -> bool:
    status, lines, body = answer
    spoken = cors_lines(lines)
    if request.decision.status is None and body != BODY:
        return False
    if side == BARE:
        return status == 200 and not spoken
    expected = cors_lines(request.by_hand.lines)
    if side == PEER:  # it may say more or less beside, since its rules are its own
        allows = [value for name, value in expected if name.endswith("-allow-origin")]
        theirs = [value for name, value in spoken if name.endswith("-allow-origin")]
        return status == 200 and allows == theirs
    return (request.by_hand.status, expected) == (status, spoken)


def plain(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Header lines in one order, whatever the spelling of names."""
    return sorted((name.lower(), value) for name, value in lines)


def cors_lines(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, value in plain(lines)
        if name == "vary" or name.startswith("access-control-")
    ]


def path(side: str, request: Request) -> str:
    return path_of(application_of(side, request))


def load(server: Server, side: str, request: Request, seconds: float) -> Sample:
    """What the server does for a side in so many seconds, as fast as it can.

    # Errors: LoadError, for a connection that the server drops.
    """
    lines = [f"-H{name}: {value}" for name, value in request.lines]
    options = ["-t1", f"-c{CONNECTIONS}", "-d1h", "-s", str(HERE / "throughput.lua")]
    url = f"http://{HOST}:{server.port}{path(side, request)}"
    command = ["wrk", *options, *lines, url]
    before = server.cpu_seconds()
    process = subprocess.Popen(
        command,
        env={**os.environ, "METHOD": request.method},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        # wrk counts in whole seconds, but ends well with the signal of Ctrl-C.
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=DEADLINE)
    finally:
        process.kill()
        process.wait()
    cpu_seconds = server.cpu_seconds() - before
    try:
        figures = json.loads(output.splitlines()[-1])
    except (IndexError, ValueError):
        raise LoadError(f"{server.name}: wrk says:\n{output}") from None
    requests, microseconds = figures.pop("requests"), figures.pop("microseconds")
    if any(figures.values()) or not requests:
        said = f"{output}\n{server.output()}".strip()
        raise LoadError(f"{server.name}: errors under {request.name}, {side}:\n{said}")
    return Sample(requests, microseconds / 1e6, cpu_seconds)
