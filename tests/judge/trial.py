"""One browser's run over rows, beside what is predicted.

Here: `Trial`: runs, sorts the console's lines to their rows, compares; the file of differences.
Not here: browsers (`browsers.py`), the server (`server.py`), what is compared (`prediction.py`).
Spec: https://fetch.spec.whatwg.org/#concept-main-fetch
"""

import json
import re
import time
from pathlib import Path

from judge.browsers import start
from judge.prediction import Happened, differences, predict_row
from judge.row import PAGES, Row, always, fetch
from judge.server import Server

#: What is known to differ: rows of browser, row, what differs, and why.
KNOWN = Path(__file__).parent / "differences.json"
#: Seconds without a new outcome after which a browser counts as stuck.
PATIENCE = 60
#: Seconds between two looks at a browser's console, which keeps only so many lines.
INTERVAL = 0.25
ADDRESSED = re.compile(r"/c/([a-z0-9-]+)/")
MARK = re.compile(r"judge (begins|ends) ([a-z0-9-]+) \.")


class Trial:
    """Runs the rows. `told`: called with a line of text as the run goes on.

    `stray` are the lines of the console that belong to no row.
    """

    def __init__(self, name, rows, scratch, told=lambda text: None):
        self.browser = name
        self.rows = rows
        self.consoles = {row.slug: [] for row in rows}
        self.stray = []
        self.current = None
        # A console is whole when it has come to this row, which every browser refuses.
        page = max((row.page for row in rows), key=PAGES.index)
        self.last = Row("the last row", (fetch(),), always(), page)
        self.consoles[self.last.slug] = []
        began = time.monotonic()
        with Server() as server:
            self.places = server.places
            browser = start(name, scratch)
            try:
                self.run(browser, server, told)
            finally:
                browser.close()
            self.outcomes = server.outcomes
            self.requests = server.requests
        told(f"{name}: {len(rows)} rows in {time.monotonic() - began:.0f} s")

    def run(self, browser, server, told):
        url = server.expect([*self.rows, self.last])
        browser.lines()
        browser.open(url)
        heard, since = 0, time.monotonic()
        while not self.consoles[self.last.slug]:
            time.sleep(INTERVAL)
            self.listen(browser)
            if len(server.outcomes) == heard:
                if time.monotonic() - since > PATIENCE:
                    told(f"{self.browser}: nothing comes after {heard} rows")
                    break
                continue
            if len(server.outcomes) // 100 > heard // 100:
                told(f"{self.browser}: {len(server.outcomes)} of {len(self.rows)} rows")
            heard, since = len(server.outcomes), time.monotonic()

    def listen(self, browser):
        """Gives each new line to the row whose URL it names, or else that is being run."""
        for line in browser.lines():
            mark = MARK.search(line.whole)
            if mark:
                self.current = mark[2] if mark[1] == "begins" else None
                continue
            addressed = ADDRESSED.search(line.whole)
            slug = addressed[1] if addressed else self.current
            self.consoles.get(slug, self.stray).append(line.text)

    def happened(self, row):
        return Happened(
            self.outcomes.get(row.slug, []),
            self.requests[row.slug],
            self.consoles[row.slug],
        )

    def differences(self, row):
        """What differs between the prediction and what happened, by its name."""
        predicted = predict_row(row, self.places, self.browser)
        return differences(row, predicted, self.happened(row))


def known_differences(browser):
    """From each row's name to what differs there."""
    known = {}
    for entry in json.loads(KNOWN.read_text()):
        if entry["browser"] == browser:
            known.setdefault(entry["row"], set()).update(entry["differs"])
    return known
