"""The lines to change, for each remedy and each server: short, and ready to be pasted.

Here: `SERVERS`, `REMEDIES`, and `lines`. Not here: what is wrong (`_rules.py`); the lines themselves
stand in one file for each server. `https://app.example` stands for the origin, `app\\.example` for
its place in a regex, and PUT, X-Request-Id and the like for what the pages need.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re
from typing import Final

from . import (
    apache,
    caddy,
    corsac,
    django,
    express,
    flask,
    nginx,
    s3,
    spring,
    starlette,
)

#: What a rule may ask for; each server has lines for each.
REMEDIES: Final = (
    "list",
    "credentials",
    "names",
    "vary",
    "preflight",
    "every-response",
    "one-value",
    "max-age",
)
#: The servers, by the names that the command line takes, with those that people know.
SERVERS: Final = {
    "corsac": "corsac",
    "nginx": "nginx",
    "apache": "Apache httpd 2.4",
    "caddy": "Caddy 2",
    "express": "Express with cors",
    "starlette": "Starlette, FastAPI",
    "django": "Django with django-cors-headers",
    "flask": "Flask with flask-cors",
    "spring": "Spring",
    "s3": "Amazon S3, CloudFront",
}
_LINES: Final = {
    "corsac": corsac.LINES,
    "nginx": nginx.LINES,
    "apache": apache.LINES,
    "caddy": caddy.LINES,
    "express": express.LINES,
    "starlette": starlette.LINES,
    "django": django.LINES,
    "flask": flask.LINES,
    "spring": spring.LINES,
    "s3": s3.LINES,
}


def lines(server: str, remedy: str, origin: str) -> str:
    """What to write for this remedy on this server.

    `server`: a key of `SERVERS`. `remedy`: one of `REMEDIES`. `origin`: the one to let in.
    """
    text = _LINES[server][remedy]
    text = text.replace("https://app\\.example", re.escape(origin).replace("\\-", "-"))
    return text.replace("https://app.example", origin)
