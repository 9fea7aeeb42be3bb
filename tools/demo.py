"""The demo: a database with a story in it, served until you stop it."""

import http.cookiejar
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

from . import addons, console, system, workbench
from .console import CannotGoOnError
from .paths import LOCAL, LOGS, STATE
from .postgres import exclusive

RUNNING = STATE / "demo.json"
PATIENCE = 120  # seconds
# Login, which is the password too, and what that person does. Only those who are in
# the database are shown.
USERS = (
    ("admin", "everything"),
    ("manager_quality", "quality manager: plans, decides, releases"),
    ("inspector", "inspector: fills readings, validates orders"),
    ("warehouse", "warehouse clerk: receives, puts away, delivers"),
    ("purchase", "buyer: orders milk and fruit"),
    ("sales", "seller: orders of the customers"),
    ("floor", "production: makes yoghurt"),
)


def serve():
    """``make demo``: make the demo if need be, serve it, and stay."""
    if running := _running():
        console.say(f"The demo is running already: {running['address']}")
        return 0
    with _served(system.choose_port(workbench.port_wanted())) as (server, address):
        console.say("\nStop it with Ctrl-C, or with make stop.")
        return _wait(server)


def check():
    """``make demo-check``: serve the demo, log in as everyone, and stop."""
    if running := _running():
        return _check_logins(running)
    with _served(system.choose_port(workbench.port_wanted())):
        return _check_logins(_running())


def reset():
    """``make demo-reset``: forget the demo's database; the next start makes it new."""
    stop()
    with workbench.ready() as databases:
        databases.drop(_name(databases))
    return 0


def assets():
    """``make assets``: generate the bundles of the web client again."""
    with workbench.ready() as databases:
        if databases.exists(_name(databases)):
            databases.generate_bundles(_name(databases))
    return 0


def stop():
    """Stop the demo's server, if it runs."""
    if running := _running():
        os.kill(running["process"], signal.SIGTERM)
        _wait_for_end(running["process"])
        console.say("The demo is stopped.")
    RUNNING.unlink(missing_ok=True)
    return 0


def _name(databases):
    return f"{databases.server.prefix}_demo"


def prepare(databases):
    """Make the demo's database, or bring it up to the addons as they are now."""
    name, content = _name(databases), addons.content_hash()
    with exclusive("demo"):
        if not databases.exists(name):
            building = f"{name}_building"
            databases.clone(databases.core(), building)
            databases.install_addons(building)
            databases.rename(building, name)
        elif _content(databases, name) != content:
            console.say("The addons have changed since the demo was made.")
            _update(databases, name)
        databases.server.query(f"COMMENT ON DATABASE \"{name}\" IS '{content}'")
    return name


def _update(databases, name):
    try:
        databases.install_addons(name, update=_installed(databases, name))
    except CannotGoOnError as reason:
        raise CannotGoOnError(
            f"{reason}\nThe demo can't be brought up to date: make demo-reset forgets"
            " it, and make demo makes it new."
        ) from reason


def _content(databases, name):
    rows = databases.server.query(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
        f" WHERE datname = '{name}'"
    )
    return rows[0][0]


def _installed(databases, name):
    rows = databases.server.query(
        "SELECT name FROM ir_module_module WHERE state = 'installed'", name
    )
    return sorted({row[0] for row in rows} & set(addons.names()))


def _users(databases, name):
    rows = databases.server.query("SELECT login FROM res_users WHERE active", name)
    there = {row[0] for row in rows}
    return [user for user in USERS if user[0] in there]


@contextmanager
def _served(port):
    with workbench.ready() as databases:
        name = prepare(databases)
        users = _users(databases, name)
        command = databases.runner.command(name, "--no-database-list", http_port=port)
        with (LOGS / "demo.log").open("w") as log:
            server = subprocess.Popen(
                [str(part) for part in command],
                cwd=LOCAL,
                env=databases.runner.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        address = f"http://localhost:{port}"
        try:
            _wait_for_answer(server, address)
            _remember(server, address, users, name)
            _introduce(address, users)
            yield server, address
        finally:
            _end(server)


def _remember(server, address, users, database):
    known = {
        "process": server.pid,
        "address": address,
        "users": users,
        "database": database,
    }
    RUNNING.write_text(json.dumps(known))


def _introduce(address, users):
    console.say(f"\nThe demo is at {address}")
    console.say("Log in as (the password is the same word):")
    for login, does in users:
        console.say(f"  {login:<18}{does}")


def _wait_for_answer(server, address):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if server.poll() is not None:
            raise CannotGoOnError(f"Odoo ended at once; see {LOGS / 'demo.log'}")
        try:
            return _browser().open(f"{address}/web/login", timeout=PATIENCE).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise CannotGoOnError(f"Odoo doesn't answer; see {LOGS / 'demo.log'}")


def _wait(server):
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        return max(server.wait(), 0)
    except KeyboardInterrupt:
        console.say()
        return 0


def _end(server):
    if server.poll() is None:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    RUNNING.unlink(missing_ok=True)


def _running():
    """What is known of the demo's server, if it is alive."""
    if not RUNNING.exists():
        return None
    known = json.loads(RUNNING.read_text())
    return known if _is_odoo(known["process"]) else None


def _is_odoo(process):
    try:
        with open(f"/proc/{process}/cmdline", "rb") as command:
            return b"odoo" in command.read()
    except OSError:
        return False


def _wait_for_end(process):
    end = time.monotonic() + 30
    while _is_odoo(process) and time.monotonic() < end:
        time.sleep(0.1)


def _check_logins(known):
    console.say()
    for login, _does in known["users"]:
        size = _web_client_size(known["address"], known["database"], login)
        console.say(f"  {login} is logged in; the web client's page has {size} bytes")
    return 0


def _web_client_size(address, database, login):
    """Log in as a browser does, and load the page."""
    browser = _browser()
    parameters = {"db": database, "login": login, "password": login}
    answer = _call(browser, f"{address}/web/session/authenticate", parameters)
    if "error" in answer:
        raise CannotGoOnError(f"{login} can't log in: {answer['error']['data']}")
    with browser.open(f"{address}/odoo", timeout=PATIENCE) as page:
        text = page.read().decode()
    if "odoo.__session_info__" not in text:
        raise CannotGoOnError(f"{login} logs in, but the web client doesn't come.")
    return len(text)


def _browser():
    """A client that keeps cookies and goes straight to this machine."""
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)


def _call(browser, address, parameters):
    body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": parameters})
    request = urllib.request.Request(
        address, body.encode(), {"Content-Type": "application/json"}
    )
    with browser.open(request, timeout=PATIENCE) as answer:
        return json.load(answer)
