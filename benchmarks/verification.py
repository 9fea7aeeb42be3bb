"""``python -m benchmarks.verification``: how fast an exported trail is checked.

Needs neither Odoo nor a database: trails of 20 entries each are written as the addon
exports them, sealed ten times on the way, and checked by the stand-alone tool.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from tests import trail_model

TOOL = Path(__file__).parents[1] / "tools" / "verify_audit"
LENGTH, SEALS = 20, 10


def main():
    """Write a trail, check it, and print entries per second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entries", nargs="?", type=int, default=1_000_000)
    count = parser.parse_args().entries
    with tempfile.TemporaryDirectory(prefix="qms-verification-") as folder:
        write(Path(folder), count)
        begin = time.perf_counter()
        command = [sys.executable, TOOL, Path(folder, "export.jsonl"), folder]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds = time.perf_counter() - begin
    print(done.stdout.splitlines()[0])
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = used.ru_utime + used.ru_stime
    print(f"{seconds:.1f} s: {count / seconds:,.0f} entries a second")
    print(f"{busy:.1f} s of the processor: {count / busy:,.0f} entries a second")


def write(folder, count):
    """Write an export and its seals; entries of many records are mixed."""
    trail = trail_model.Trail([])
    trail.date = trail_model.BEGIN
    records = max(count // LENGTH, 1)
    with open(folder / "export.jsonl", "w", encoding="utf-8") as export:
        for number in range(1, count + 1):
            trail.write(number * 7919 % records + 1, f"value {number}")
            entry = {**trail.entries.pop(), "id": number}
            export.write(json.dumps(entry, ensure_ascii=False) + "\n")
            if number % max(count // SEALS, 1) == 0:
                trail.date += timedelta(days=1)
                trail.seal()
    trail_model.write_seals(folder, trail.seals)


if __name__ == "__main__":
    main()
