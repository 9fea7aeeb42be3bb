"""Folding a trace too large for a picture, by product and date. No Odoo here."""

from collections import defaultdict

# From the coarsest to the finest; a run is so many lots of one day in order of name.
STEPS = ("product", "month", "day", "run")
PERIODS = {"product": 0, "month": 7, "day": 10, "run": 10}
RUN = 200


class Folding:
    """Nodes and links with groups in place of what is too much.

    :param list nodes: with ``id``, ``kind``, ``product_id``, ``level`` and ``name``
    :param dict days: node id → ``2026-11-22``
    :param int limit: how many nodes a picture can have
    :param set opened: ids of groups whose members are asked for
    :param set kept: ids of nodes that are never folded
    """

    def __init__(self, nodes, days, limit, opened=(), kept=()):
        self.days = days
        self.limit = limit
        self.opened = set(opened)
        self.kept = set(kept)
        self.groups = self._fold(nodes) if len(nodes) > limit else {}
        self.group_by_node = {
            node["id"]: group
            for group, members in self.groups.items()
            for node in members
        }

    def _fold(self, nodes):
        """Return ``{group id: nodes}``, as few and as fine as can be."""
        loose = [node for node in nodes if node["id"] not in self.kept]
        step = next(
            (
                step
                for step in ("day", "month")
                if len(self._divide(loose, step)) + len(self.kept) <= self.limit
            ),
            "product",
        )
        parts = self._divide(loose, step)
        groups, count = {}, len(nodes)
        for group in sorted(parts, key=lambda group: -len(parts[group])):
            if count <= self.limit or len(parts[group]) < 2:
                break
            groups[group] = parts[group]
            count -= len(parts[group]) - 1
        return self._open(groups)

    def _open(self, groups):
        """Return the groups with opened ones divided, small ones left out."""
        waiting, closed = list(groups.items()), {}
        while waiting:
            group, members = waiting.pop()
            if group not in self.opened:
                closed[group] = members
            elif len(members) > RUN:
                step = group.split(":")[1]
                finer = STEPS[STEPS.index(step) + 1]
                waiting += [
                    (part, some)
                    for part, some in self._divide(members, finer).items()
                    if len(some) > 1
                ]
        return closed

    def _divide(self, nodes, step):
        """Return ``{group id: nodes}`` by side, product and period."""
        parts = defaultdict(list)
        for node in nodes:
            side = "before" if node["level"] < 0 else "after"
            day = self.days.get(node["id"], "")[: PERIODS[step]]
            goods = (node["kind"], str(node["product_id"] or 0))
            parts[":".join(("group", step, side, *goods, day))].append(node)
        if step != "run":
            return dict(parts)
        return {
            f"{group}:{start // RUN}": members[start : start + RUN]
            for group, some in parts.items()
            for members in [sorted(some, key=lambda node: node["name"])]
            for start in range(0, len(members), RUN)
        }

    def get_end(self, node_id):
        """Return the group that a node is in, else the node."""
        return self.group_by_node.get(node_id, node_id)

    def fold_links(self, links):
        """Return links with groups as ends, those between the same two added up."""
        if not self.groups:
            return links
        bundles = defaultdict(list)
        for link in links:
            ends = (self.get_end(link["source"]), self.get_end(link["target"]))
            if ends[0] != ends[1]:
                bundles[ends].append(link)
        return [
            {**self._add_up(some), "source": source, "target": target}
            for (source, target), some in bundles.items()
        ]

    def _add_up(self, links):
        first = links[0]
        if len(links) == 1:
            return first
        units = {link["uom"] for link in links}
        return {
            **first,
            "quantity": sum(link["quantity"] for link in links)
            if len(units) == 1
            else 0.0,
            "share": None,
            "document": {"model": False, "id": False, "name": f"{len(links)} ×"},
            "workcenter": False,
            "user": False,
            "registered": all(link["registered"] for link in links),
            "uncertain": any(link["uncertain"] for link in links),
        }
