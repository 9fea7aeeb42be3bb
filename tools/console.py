"""What the user sees: steps, progress, and one plain line when nothing goes on."""

import errno
import re
import subprocess
import sys
import time
from collections import deque
from contextlib import contextmanager

from .paths import LOGS

TICK = 10  # seconds between two progress lines where there is no terminal
APT_NEWS = r"^(Get:\d+) \S+ \S+ \S+ (\S+)|^(Unpacking|Setting up) (\S+)"
DISK_FULL = "The disk is full: free some space (make clean frees this project's)."


class CannotGoOnError(Exception):
    """What is missing, in one plain line for the user."""


def say(text=""):
    """Print at once, even into a pipe."""
    print(text, flush=True)


@contextmanager
def step(text, duration=""):
    """Announce a long step with its usual duration, and tell how long it took."""
    say(f"-> {text}" + (f" (about {duration})" if duration else ""))
    start = time.monotonic()
    yield
    say(f"   done in {time.monotonic() - start:.0f} s")


class Progress:
    """Shows the newest state of a running command, without flooding a log."""

    def __init__(self, pattern):
        self.pattern = re.compile(pattern) if pattern else None
        self.terminal = sys.stdout.isatty()
        self.shown = time.monotonic()

    def see(self, line):
        """Show what the line tells, if it tells anything and it is time to."""
        found = self.pattern and self.pattern.search(line)
        if found and time.monotonic() - self.shown > (0.2 if self.terminal else TICK):
            self.show(" ".join(group for group in found.groups() if group))

    def show(self, state):
        """Rewrite the line on a terminal, add one elsewhere."""
        self.shown = time.monotonic()
        if self.terminal:
            print(f"\r\033[K   {state[:70]}", end="", flush=True)
        else:
            say(f"   {state}")

    def close(self):
        """Leave a clean line behind."""
        if self.terminal:
            print("\r\033[K", end="", flush=True)


def run(command, log, *, what, pattern=None, **options):
    """Run a command into a log file and show its progress.

    :param log: name of the log file below ``.local/logs``
    :param what: the subject of the error line, as in "Installing stock"
    :param pattern: its groups, found in a line of output, are the progress
    :return: path of the log
    """
    path = LOGS / log
    code, tail = _follow([str(part) for part in command], path, pattern, options)
    if code:
        raise CannotGoOnError(explain(what, code, tail, path))
    return path


def _follow(command, path, pattern, options):
    progress, tail = Progress(pattern), deque(maxlen=15)
    options = {"stdin": subprocess.DEVNULL, **options}
    with (
        path.open("w") as log,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **options,
        ) as process,
    ):
        for line in process.stdout:
            log.write(line)
            tail.append(line.rstrip())
            progress.see(line)
    progress.close()
    return process.returncode, tail


def explain(what, code, tail, path):
    """Say why a command failed, in a line where the reason is well known."""
    text = "\n".join(tail)
    if "No space left on device" in text:
        return DISK_FULL
    return f"{what} failed (exit {code}); the whole log is {path}\n{text}"


def explain_os_error(error):
    """The plain line for an error of the operating system."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DISK_FULL
    return f"{error.strerror}: {error.filename}" if error.filename else str(error)
