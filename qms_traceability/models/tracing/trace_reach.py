from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

SIDES = {
    "forward": ("from_lot_id", "to_lot_id"),
    "backward": ("to_lot_id", "from_lot_id"),
}


class QmsTrace(models.AbstractModel):
    """Which lots are reached from others, in one recursive query."""

    _inherit = "qms.trace"

    @api.model
    def _get_reach(self, lots, direction, date=None, depth=None, companies=None):
        """Return all lots that links lead to from ``lots``, and how far they are.

        Rework that leads back to where it began ends there. The query's cost grows
        with what it finds, not with the tables.

        :param lots: ``stock.lot``
        :param str direction: ``forward`` or ``backward``
        :param datetime date: as of which moment; now if empty
        :param int depth: after how many steps to stop; never if empty
        :param companies: ``res.company`` whose documents count; all if empty
        :return: ``{lot id: steps}``, fewest first; ``lots`` themselves have 0, those
            on the suppliers' side are below it
        """
        if not lots:
            return {}
        self._flush_links()
        reach = self._get_reach_sql(lots, direction, date, depth, companies)
        self.env.cr.execute(
            SQL("WITH RECURSIVE %s SELECT source, target FROM reach", reach)
        )
        targets = defaultdict(list)
        for source, target in self.env.cr.fetchall():
            targets[source].append(target)
        return self._get_levels(targets, -1 if direction == "backward" else 1)

    @api.model
    def _flush_links(self):
        self.env["qms.lot.link"].flush_model()
        self.env["stock.move.line"].flush_model()

    @api.model
    def _get_levels(self, targets, step):
        """Return ``{lot id: steps}`` of edges, whose first come from ``None``."""
        levels, found, level = {}, targets[None], 0
        while found:
            fresh = [lot for lot in dict.fromkeys(found) if lot not in levels]
            levels.update(dict.fromkeys(fresh, level))
            found = [target for lot in fresh for target in targets.get(lot, ())]
            level += step
        return levels

    @api.model
    def _get_reach_sql(self, lots, direction, date=None, depth=None, companies=None):
        """Return the common table ``reach`` of edges, ``source`` to ``target``.

        The lots themselves are targets of no source. Edges are kept once, so a circle
        adds nothing the second time; with a depth they are kept once per step.
        """
        near, far = map(SQL.identifier, SIDES[direction])
        return SQL(
            """reach (source, target, step) AS (
                SELECT NULL::int, root, 0 FROM unnest(%(roots)s) AS root
                UNION
                SELECT link.%(near)s, link.%(far)s, %(next)s
                FROM reach JOIN qms_lot_link AS link ON link.%(near)s = reach.target
                WHERE link.%(far)s IS NOT NULL AND %(valid)s
            )""",
            roots=list(lots.ids),
            near=near,
            far=far,
            next=SQL("reach.step + 1") if depth else SQL("0"),
            valid=SQL(" AND ").join(
                [
                    self._get_valid_sql(date, companies),
                    *([SQL("reach.step < %s", depth)] if depth else []),
                ]
            ),
        )

    @api.model
    def _get_reached_sql(self, lots, direction, companies=None):
        """Return the common table ``reached`` of lots, the given ones among them.

        Each is kept once, which is less than the edges of :meth:`_get_reach_sql`.
        """
        near, far = map(SQL.identifier, SIDES[direction])
        return SQL(
            """reached (id) AS (
                SELECT root FROM unnest(%(roots)s) AS root
                UNION
                SELECT link.%(far)s
                FROM reached JOIN qms_lot_link AS link ON link.%(near)s = reached.id
                WHERE link.%(far)s IS NOT NULL AND %(valid)s
            )""",
            roots=list(lots.ids),
            near=near,
            far=far,
            valid=self._get_valid_sql(companies=companies),
        )

    @api.model
    def _get_valid_sql(self, date=None, companies=None):
        """Return the condition that ``link`` held at a moment, in some companies."""
        conditions = [SQL("link.reverses_id IS NULL")]
        undone = SQL("undo.reverses_id = link.id")
        if date:
            conditions.append(SQL("link.date <= %s", date))
            undone = SQL("%s AND undo.date <= %s", undone, date)
        if companies:
            conditions.append(SQL("link.company_id = ANY(%s)", companies.ids))
        conditions.append(
            SQL("NOT EXISTS (SELECT FROM qms_lot_link AS undo WHERE %s)", undone)
        )
        return SQL(" AND ").join(conditions)
