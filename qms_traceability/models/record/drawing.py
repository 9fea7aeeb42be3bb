"""A trace as a drawing for paper: vendors on the left, customers on the right."""

from collections import defaultdict

from markupsafe import Markup

WIDTH, HEIGHT, GAP_X, GAP_Y = 170, 36, 70, 10
SWEEPS = 4
LONGEST = 24
# the colours of badges, as light as they are on screens
COLORS = (
    "#dadada", "#f9b0b0", "#f2cfa9", "#f6e09a", "#b9d2f2", "#d7bcd0",
    "#f1cfc0", "#aadcd8", "#a9b5f4", "#f9b1d3", "#bde5c3", "#d3c3f5",
)  # fmt: skip
PLAIN = "#ffffff"


def draw(nodes, links, roots, widest=1000, highest=620):
    """Return a trace as SVG, as large as fits.

    :param list nodes: as of ``qms.trace.get_graph``
    :param list links: the same
    :param list roots: ids of the nodes that are traced
    :param int widest: in pixels
    :param int highest: in pixels
    :return: Markup
    """
    columns = _get_columns(nodes, links)
    places = _get_places(columns)
    rows = max(map(len, columns), default=1)
    width = len(columns) * (WIDTH + GAP_X) - GAP_X
    height = rows * (HEIGHT + GAP_Y) - GAP_Y
    scale = min(1, widest / width, highest / height)
    parts = [_draw_line(places, link) for link in links]
    parts += [_draw_node(places[node["id"]], node, roots) for node in nodes]
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d"'
        ' viewBox="-3 -3 %d %d" font-family="Helvetica, Arial, sans-serif">%s</svg>'
    ) % (
        round(width * scale),
        round(height * scale),
        width + 6,
        height + 6,
        Markup("").join(parts),
    )


def _get_columns(nodes, links):
    """Return the ids of nodes by level, each column in the order of its neighbours."""
    by_level = defaultdict(list)
    for node in nodes:
        by_level[node["level"]].append(node["id"])
    columns = [by_level[level] for level in sorted(by_level)]
    neighbours = defaultdict(set)
    for link in links:
        neighbours[link["source"]].add(link["target"])
        neighbours[link["target"]].add(link["source"])
    for _sweep in range(SWEEPS):
        heights = {
            node: (row + 0.5) / len(column)
            for column in columns
            for row, node in enumerate(column)
        }
        for column in columns:
            wishes = {
                node: sum(heights[other] for other in neighbours[node])
                / len(neighbours[node])
                if neighbours[node]
                else heights[node]
                for node in column
            }
            column.sort(key=wishes.get)
    return columns


def _get_places(columns):
    """Return the upper left corner of each node, columns in the middle."""
    rows = max(map(len, columns), default=1)
    return {
        node: (
            number * (WIDTH + GAP_X),
            ((rows - len(column)) / 2 + row) * (HEIGHT + GAP_Y),
        )
        for number, column in enumerate(columns)
        for row, node in enumerate(column)
    }


def _draw_line(places, link):
    (x1, y1), (x2, y2) = places[link["source"]], places[link["target"]]
    return Markup(
        '<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#8a8f98" stroke-width="1.2"%s/>'
    ) % (
        x1 + WIDTH,
        y1 + HEIGHT / 2,
        x2,
        y2 + HEIGHT / 2,
        Markup(' stroke-dasharray="4 3"') if link["uncertain"] else "",
    )


def _draw_node(place, node, roots):
    x, y = place
    status = node["status"]
    is_partner = node["kind"] in ("customer", "supplier")
    return Markup(
        '<rect x="%d" y="%d" width="%d" height="%d" rx="%d" fill="%s"'
        ' stroke="#4b5563" stroke-width="%s"/>'
        '<text x="%d" y="%d" font-size="12" font-weight="bold"'
        ' text-anchor="middle">%s</text>'
        '<text x="%d" y="%d" font-size="10" text-anchor="middle">%s</text>'
    ) % (
        *(x, y, WIDTH, HEIGHT),
        HEIGHT // 2 if is_partner else 4,
        COLORS[status["color"] % len(COLORS)] if status else PLAIN,
        3 if node["id"] in roots else 1,
        *(x + WIDTH / 2, y + 15, _shorten(node["name"])),
        *(x + WIDTH / 2, y + 29, _shorten(node["product"] or "")),
    )


def _shorten(text):
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
