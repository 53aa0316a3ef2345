"""The three browsers: how each is started, sent to a page, and heard.

Here: `start`, with a class for each; `missing`, what this machine lacks for one.
Not here: what they are asked (`rows_*.py`), the comparison (`compare.py`).
Chromium and Firefox are driven through Selenium. A WebKitGTK that is driven keeps its console to
itself, so its MiniBrowser is started with a page, and writes the console to its standard error.
Spec: https://www.w3.org/TR/webdriver2/
"""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import NamedTuple

from corsac.browser import Browser

#: Firefox asks nobody on the network of its own accord.
FIREFOX_PREFERENCES = {
    "browser.safebrowsing.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "services.settings.server": "data:,",
}
ENDING = 10  # seconds that a process may take to end


class Line(NamedTuple):
    """A line of a console. `text`: what a person reads; `whole`: with the tags of the log."""

    text: str
    whole: str


def missing(browser):
    """What this machine lacks for a browser, each with what installs it."""
    needs = {
        Browser.CHROMIUM: {
            "chromium": "apt-get install chromium",
            "chromedriver": "apt-get install chromium-driver",
        },
        Browser.FIREFOX: {
            "firefox-esr": "apt-get install firefox-esr",
            "geckodriver": "cargo install geckodriver",
        },
        Browser.WEBKIT: {
            "MiniBrowser": "apt-get install libwebkit2gtk-4.1-0",
            "Xvfb": "apt-get install xvfb",
        },
    }[browser]
    lacks = [f"{name} ({how})" for name, how in needs.items() if not which(name)]
    if browser is not Browser.WEBKIT and importlib.util.find_spec("selenium") is None:
        lacks.append("selenium (pip install selenium)")
    return lacks


def which(name):
    """The path of a program, also of one outside of PATH: a library's own, or cargo's."""
    cargo = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo")) / "bin"
    own = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*"))
    places = [*os.environ["PATH"].split(os.pathsep), cargo, *reversed(own)]
    return shutil.which(name, path=os.pathsep.join(map(str, places)))


class Chromium:
    """Headless Chromium. `scratch`: a folder of its own."""

    FLAGS = (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        # Pages over http stay there, and a sandboxed frame logs where its page does.
        (
            "--disable-features=HttpsUpgrades,HttpsFirstBalancedMode,"
            "HttpsFirstBalancedModeAutoEnable,IsolateSandboxedIframes"
        ),
    )
    #: The address of a line in the page, or a hyphen, stands before the text.
    TAG = re.compile(r"\S+ (?:-|\d+(?::\d+)?) ")

    def __init__(self, scratch):
        from selenium.webdriver import Chrome, ChromeOptions, ChromeService

        options = ChromeOptions()
        options.binary_location = which("chromium")
        options.accept_insecure_certs = True
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        for flag in (*self.FLAGS, f"--user-data-dir={scratch}"):
            options.add_argument(flag)
        self.driver = Chrome(options, ChromeService(which("chromedriver")))

    def open(self, url):
        self.driver.get(url)

    def lines(self):
        """What the console said since the last time."""
        return [
            Line(self.TAG.sub("", entry["message"], count=1), entry["message"])
            for entry in self.driver.get_log("browser")
        ]

    def close(self):
        self.driver.quit()


class Firefox:
    """Headless Firefox."""

    #: The browser's own list of messages, which pages cannot see; it keeps 250.
    TAKE = """
        const messages = Services.console.getMessageArray();
        Services.console.reset();
        return messages
            .filter((message) => message instanceof Ci.nsIScriptError)
            .map((error) => [error.errorMessage, error.category, error.sourceName]);
    """

    #: Where the browser's own scripts come from, which talk to themselves.
    OWN = re.compile("chrome:|resource:")

    def __init__(self, scratch):
        from selenium.webdriver import Firefox as Driven
        from selenium.webdriver import FirefoxOptions, FirefoxService

        options = FirefoxOptions()
        options.binary_location = which("firefox-esr")
        options.accept_insecure_certs = True
        options.add_argument("-headless")
        for name, value in FIREFOX_PREFERENCES.items():
            options.set_preference(name, value)
        service = FirefoxService(
            which("geckodriver"),
            service_args=["--allow-system-access"],
            env={**os.environ, "HOME": str(scratch)},
        )
        self.driver = Driven(options, service)

    def open(self, url):
        self.driver.get(url)

    def lines(self):
        """What the console said since the last time."""
        with self.driver.context("chrome"):
            taken = self.driver.execute_script(self.TAKE)
        return [
            Line(text, f"{text} {tag} {source}")
            for text, tag, source in taken
            if not tag.startswith("chrome ") and not self.OWN.match(source)
        ]

    def close(self):
        self.driver.quit()


class WebKit:
    """WebKitGTK's MiniBrowser on a screen of its own."""

    TAG = re.compile(r"(?:\S+:\d+:\d+: )?CONSOLE [A-Z]+ [A-Z]+ ")

    def __init__(self, scratch):
        self.processes = []
        self.scratch = scratch
        self.output = scratch / "console"
        self.output.touch()
        self.read = 0
        reading, writing = os.pipe()
        self.start(
            ["Xvfb", "-displayfd", str(writing), "-nolisten", "tcp"],
            pass_fds=[writing],
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as told:
            display = told.readline().strip()
        folders = ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")
        self.environment = {
            **os.environ,
            **dict.fromkeys(folders, str(scratch)),
            "DISPLAY": f":{display}",
            "NO_AT_BRIDGE": "1",
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
        }

    def start(self, command, **options):
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **options,
        )
        self.processes.append(process)

    def open(self, url):
        command = [
            which("MiniBrowser"),
            "--enable-write-console-messages-to-stdout=true",
            "--ignore-tls-errors",
            url,
        ]
        with self.output.open("ab") as output:
            self.start(command, env=self.environment, stdout=output, stderr=output)

    def lines(self):
        """What the console said since the last time; the toolkit writes there, too."""
        with self.output.open("rb") as output:
            output.seek(self.read)
            new = output.read()
        whole = new[: new.rfind(b"\n") + 1]
        self.read += len(whole)
        return [
            Line(self.TAG.sub("", text, count=1), text)
            for text in whole.decode("utf-8", "replace").splitlines()
            if self.TAG.match(text)
        ]

    def close(self):
        """Ends the processes that were started here, each with its children."""
        for process in reversed(self.processes):
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(ENDING)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(ENDING)


BROWSERS = {
    Browser.CHROMIUM: Chromium,
    Browser.FIREFOX: Firefox,
    Browser.WEBKIT: WebKit,
}


def start(name, scratch):
    """A started browser; at the second try where a busy machine let the first run out of time."""
    import urllib3
    from selenium.common import WebDriverException

    first, second = scratch / "first", scratch / "second"
    first.mkdir()
    try:
        return BROWSERS[name](first)
    except (WebDriverException, urllib3.exceptions.HTTPError):
        second.mkdir()
        return BROWSERS[name](second)
