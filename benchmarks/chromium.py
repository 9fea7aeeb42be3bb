"""A browser without a window, told what to do by the Chrome DevTools Protocol."""

import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import websocket

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SIZE = (1400, 900)
PATIENCE = 60


class Page:
    """A page of the browser."""

    def __init__(self, address):
        self.socket = websocket.create_connection(
            address, timeout=PATIENCE, suppress_origin=True
        )
        self.count = 0

    def call(self, method, **params):
        """Send a command and return its result; events are passed over."""
        self.count += 1
        self.socket.send(
            json.dumps({"id": self.count, "method": method, "params": params})
        )
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.count:
                assert "error" not in answer, (method, answer)
                return answer["result"]

    def run(self, script):
        """Return what a script's promise comes to."""
        result = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def open(self, url, selector):
        """Go to an address, and wait for what it is to show."""
        self.call("Page.navigate", url=url)
        self.wait(selector)

    def wait(self, selector):
        """Wait until something is there."""
        end = time.monotonic() + PATIENCE
        while not self.run(f"Boolean(document.querySelector({json.dumps(selector)}))"):
            assert time.monotonic() < end, (selector, self.run("document.title"))
            time.sleep(0.1)


@contextmanager
def browser():
    """A :class:`Page` for the length of a block.

    :raise RuntimeError: there is no Chromium
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not program:
        raise RuntimeError("Chromium is not installed: apt-get install chromium")
    # its children may write on for a moment when it ends
    with tempfile.TemporaryDirectory(
        prefix="qms-chromium-", ignore_cleanup_errors=True
    ) as folder:
        process = subprocess.Popen(
            [
                *(program, "--headless", "--no-sandbox", "--disable-gpu"),
                *("--no-first-run", "--disable-background-networking"),
                f"--window-size={SIZE[0]},{SIZE[1]}",
                f"--user-data-dir={folder}",
                "--remote-debugging-port=0",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield Page(_find_address(Path(folder) / "DevToolsActivePort"))
        finally:
            process.kill()
            process.wait()


def _find_address(told):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if told.exists() and (lines := told.read_text().splitlines()):
            url = f"http://127.0.0.1:{lines[0]}/json/list"
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                pages = [one for one in json.load(answer) if one["type"] == "page"]
            if pages:
                return pages[0]["webSocketDebuggerUrl"]
        time.sleep(0.1)
    raise RuntimeError("Chromium does not answer")
