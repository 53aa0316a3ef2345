"""What the judge's servers answer, for browsers and for the prediction alike.

Here: `Site`: wrong servers from a row's table, and applications behind corsac.
Not here: sockets (`server.py`), the rows, the policies (`policies.py`).
Spec: https://fetch.spec.whatwg.org/#http-responses
"""

from urllib.parse import urlsplit

from judge.bodies import BODIES
from judge.policies import application
from judge.reply import Reply, Silence, framed
from judge.row import Answer


class Site:
    """Answers for every row. One for each browser: answers that come in turn are used up."""

    def __init__(self, rows, places):
        self.rows = {row.slug: row for row in rows}
        self.places = places
        self.turns = {}

    async def answer(self, method, url, lines):
        """The `Reply` to one request; raises `Silence`."""
        _, _, slug, *rest = urlsplit(url).path.split("/")
        row = self.rows[slug]
        path = "/" + "/".join(rest)
        if isinstance(row.server, str):
            return await application(row.server, self.places)(method, path, lines)
        return self.reply(row, method, path, {n.lower(): v for n, v in lines})

    def reply(self, row, method, path, asked):
        answer = self.turn(row, method, path)
        if answer.silence:
            raise Silence(answer.silence)
        lines = [(name, self.fill(value, row, asked)) for name, value in answer.lines]
        status = answer.status
        if asked.get("upgrade", "").lower() == "websocket" and status == 200:
            return Reply(101, (("Upgrade", "websocket"), ("Connection", "Upgrade")))
        kind, body = BODIES[answer.body]
        named = {name.lower() for name, _ in lines}
        if kind and "content-type" not in named:
            lines.append(("Content-Type", kind))
        return framed(method, status, lines, body)

    def turn(self, row, method, path):
        keys = (f"{method} {path}", path, method, "*")
        key = next((key for key in keys if key in row.server), None)
        found = row.server[key] if key else Answer(404)
        if isinstance(found, Answer):
            return found
        turn = self.turns.get((row.slug, key), 0)
        self.turns[row.slug, key] = turn + 1
        return found[min(turn, len(found) - 1)]

    def fill(self, value, row, asked):
        """A header's value with what the request said."""
        words = {
            "{origin}": asked.get("origin", "none"),
            "{asked-method}": asked.get("access-control-request-method", ""),
            "{asked-headers}": asked.get("access-control-request-headers", ""),
        }
        for word, said in words.items():
            value = value.replace(word, said)
        return self.places.fill(value, row)
