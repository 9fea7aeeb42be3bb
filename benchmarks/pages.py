"""Pages in a browser: how soon they are there, and how smoothly they move."""

import json
import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import median, quantiles

from . import goods, scan
from .chromium import SIZE, browser
from .server import PATIENCE, serving

NODES = 2_000
LEVELS = 40
OPENINGS = 5
GESTURES = 60
# One frame at 60 a second, in milliseconds.
FRAME = 1000 / 60
GRAPH = ".qms_trace_canvas canvas"
SCANNED = ".qms_track_products tbody tr"

CLICK = """
(async () => {
    const start = performance.now();
    document.querySelector(%s).click();
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    while (document.querySelectorAll(%s).length < %d) await frame();
    // painted, too
    await frame();
    await frame();
    return (performance.now() - start) / 1000;
})()
"""
WATCH = """
window.qmsFrames = [];
(function watch(now) {
    window.qmsFrames.push(now);
    requestAnimationFrame(watch);
})(performance.now());
"""


def run(full):
    """Open the page of tracked components and that of a trace, and move its picture.

    :param full: :class:`~.databases.Database` with the addons
    :return: ``{"components": [seconds], "trace": [seconds], "frames": {gesture:
        (median, 95th percentile, longest)}}``, frames in milliseconds
    """
    with tempfile.TemporaryDirectory() as folder:
        with full.environment(commit=True) as env:
            order_id, lot_id = prepare_order(env).id, prepare_lots(env).id
        full.close()
        with serving(full, Path(folder)) as server, browser() as page:
            _log_in(server, page)
            return {
                "components": _open_components(server, page, order_id),
                "trace": _open_trace(server, page, lot_id),
                "frames": _move(page),
            }


def prepare_order(env):
    """Make an order of which nearly half the components are registered."""
    order, parts = scan.prepare(env)
    for _figures in scan.scan_all(env, order, parts):
        pass
    return order


def prepare_lots(env):
    """Make a lot of which ``LEVELS`` were made, and of these as many as there are left.

    :return: ``stock.lot``, the first one
    """
    products = goods.make_products(env, "Drawn", 3)
    counts = (1, LEVELS, NODES - LEVELS - 1)
    first, middle, last = (
        env["stock.lot"].create(
            [
                {"name": f"{product.name}-{number}", "product_id": product.id}
                for number in range(count)
            ]
        )
        for product, count in zip(products, counts, strict=True)
    )
    pairs = [(first, lot) for lot in middle]
    pairs += [(middle[number % LEVELS], lot) for number, lot in enumerate(last)]
    env["qms.lot.link"]._qms_link([_prepare_link(*pair) for pair in pairs])
    return first


def _prepare_link(used, made):
    return {
        "from_lot_id": used.id,
        "from_product_id": used.product_id.id,
        "to_lot_id": made.id,
        "to_product_id": made.product_id.id,
        "quantity": 1,
        "to_quantity": 1,
        "kind": "production",
        "origin": "quantity",
        "date": made.create_date,
        "company_id": made.env.company.id,
        "res_model": "mrp.production",
        "res_id": 0,
    }


def _log_in(server, page):
    answer = urllib.request.urlopen(
        urllib.request.Request(
            f"{server.url}/web/session/authenticate",
            json.dumps(
                {"params": {"db": server.name, "login": "admin", "password": "admin"}}
            ).encode(),
            {"Content-Type": "application/json"},
        ),
        timeout=PATIENCE,
    )
    with answer:
        assert json.load(answer)["result"]["uid"]
        cookie = answer.headers["Set-Cookie"].split(";")[0].split("=")[1]
    page.call("Network.setCookie", name="session_id", value=cookie, url=server.url)


def _open_components(server, page, order_id):
    """Return how long the page takes from the button of the order, each time."""
    button = "button[name='action_qms_track']"
    address = f"{server.url}/odoo/action-mrp.mrp_production_action/{order_id}"
    script = CLICK % (json.dumps(button), json.dumps(SCANNED), scan.BEGUN)
    return _repeat(page, address, button, script)


def _open_trace(server, page, lot_id):
    """Return how long the picture takes from the button of the lot, each time."""
    button = "button[name='action_qms_trace']"
    script = CLICK % (json.dumps(button), json.dumps(GRAPH), 1)
    return _repeat(page, f"{server.url}/odoo/lots/{lot_id}", button, script)


def _repeat(page, address, button, script):
    seconds = []
    for _number in range(OPENINGS + 1):
        page.open("about:blank", "body")
        page.open(address, button)
        time.sleep(1)
        seconds.append(page.run(script))
    # the first one loads what the browser keeps
    return seconds[1:]


def _move(page):
    """Zoom and shift the picture; return how long frames took."""
    page.run(WATCH)
    return {"zoom": _watch(page, _zoom), "shift": _watch(page, _shift)}


def _watch(page, gesture):
    page.run("window.qmsFrames.length = 0")
    gesture(page)
    # a frame after the last one tells that it was drawn
    time.sleep(0.2)
    moments = page.run("window.qmsFrames")
    frames = [two - one for one, two in zip(moments, moments[1:], strict=False)]
    return median(frames), quantiles(frames, n=20)[-1], max(frames)


def _zoom(page):
    for number in range(GESTURES):
        _mouse(page, "mouseWheel", 0, deltaX=0, deltaY=-40 if number % 30 < 15 else 40)
        time.sleep(FRAME / 1000)


def _shift(page):
    _mouse(page, "mousePressed", 0, button="left", buttons=1, clickCount=1)
    for number in range(GESTURES):
        _mouse(page, "mouseMoved", 5 * (number % 30), button="left", buttons=1)
        time.sleep(FRAME / 1000)
    _mouse(page, "mouseReleased", 0, button="left", clickCount=1)


def _mouse(page, kind, away, **options):
    x, y = SIZE[0] / 3 + away, SIZE[1] * 0.7
    page.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **options)


# -- The page of figures ---------------------------------------------------------------


def format_section(found):
    """Return the section of docs/performance.md."""
    opened = {
        f"Track components, {scan.PRODUCTS} products × {scan.COMPONENTS}": "components",
        f"Trace, a picture of {NODES:,} lots": "trace",
    }
    openings = "\n".join(
        f"| {label} | {median(found[name]):.2f} s | {max(found[name]):.2f} s |"
        for label, name in opened.items()
    )
    frames = "\n".join(
        f"| {gesture.capitalize()} | {middle:.0f} ms | {high:.0f} ms"
        f" | {longest:.0f} ms |"
        for gesture, (middle, high, longest) in found["frames"].items()
    )
    return f"""\
## Pages in a browser

Chromium without a window and without a graphics card, beside the server. Opening is
from the click on the button of the order or lot until the page is drawn, {OPENINGS}
times, the web client being loaded already.

| Page | Median | Longest |
| --- | ---: | ---: |
{openings}

Time between two frames while the picture of {NODES:,} lots is moved by the mouse,
{GESTURES} steps each; {FRAME:.0f} ms is the fastest that there is. The longest is the
whole picture being drawn once more, when the mouse lets go of it or stands still.

| Gesture | Median | 95th percentile | Longest |
| --- | ---: | ---: | ---: |
{frames}
"""
