from odoo import api, fields, models
from odoo.exceptions import UserError


class QmsTrace(models.AbstractModel):
    """Where goods come from and where they went: questions, and no records.

    Every public method is read-only, so that a replica of the database can answer it,
    takes ids of lots, and answers with what JSON can carry. Who may read the genealogy
    may ask; what other companies did is left out, and counted.
    """

    _name = "qms.trace"
    _description = "Trace"

    @api.model
    @api.readonly
    def forward(self, lot_ids, date=None, depth=None, product_ids=None):
        """Return what was made of these lots, of that, and so on: a graph.

        :param list lot_ids: ids of ``stock.lot``, or such records
        :param date: as of which moment: a text in UTC or a datetime; now if empty
        :param int depth: after how many steps to stop; never if empty
        :param list product_ids: show only these products' lots, and the given ones
        :return: ``{"roots": [id of a node], "direction": str, "date": str or False,
            "hidden": lots left out, "truncated": whether it was too much to show,
            "nodes": [{"id": "lot-12" or "product-5", "kind": "lot" or "product",
            "lot_id": int or False, "product_id": int, "name": str, "product": str,
            "level": int, below 0 on the suppliers' side, "status": {"id", "name",
            "color"} or False, "quantity": received or made, "uom": str, "share": how
            much of the one is in the other: of the given lots in this one, or of this
            one in them, "uncertain": bool, "on_hand": float}],
            "links": [{"id": int, "source": id of a node, "target": the same,
            "quantity": float, "uom": str, "share": of the source's quantity, "kind":
            str, "date": str, "document": {"model", "id", "name"}, "workcenter": str
            or False, "user": str or False, "registered": bool, "uncertain": bool}]}``
        :raise UserError: where the question makes no sense
        :raise AccessError: where the user may not read the lots, or no genealogy
        """
        return self._get_graph(lot_ids, ["forward"], date, depth, product_ids)

    @api.model
    @api.readonly
    def backward(self, lot_ids, date=None, depth=None, product_ids=None):
        """Return what these lots were made of; see :meth:`forward`."""
        return self._get_graph(lot_ids, ["backward"], date, depth, product_ids)

    @api.model
    @api.readonly
    def both(self, lot_ids, date=None, depth=None, product_ids=None):
        """Return what these lots were made of and what was made of them.

        Not what else was made of the same components: see :meth:`forward`.
        """
        directions = ["backward", "forward"]
        return self._get_graph(lot_ids, directions, date, depth, product_ids)

    # -- What is asked -----------------------------------------------------------------

    @api.model
    def _get_lots(self, lot_ids):
        """Return the lots of ids, which the user may read, genealogy and all.

        :raise UserError: where these are no ids, or there is no such lot
        :raise AccessError: where the user may not
        """
        self.env["qms.lot.link"].check_access("read")
        if isinstance(lot_ids, models.BaseModel):
            lot_ids = lot_ids.ids
        if isinstance(lot_ids, int):
            lot_ids = [lot_ids]
        if not self._are_ids(lot_ids):
            raise UserError(
                self.env._("%(given)s: give the ids of lots.", given=repr(lot_ids)[:80])
            )
        lots = self.env["stock.lot"].browse(dict.fromkeys(lot_ids))
        missing = lots - lots.exists()
        if missing:
            raise UserError(
                self.env._(
                    "There is no lot with the id %(ids)s. It may have been deleted.",
                    ids=", ".join(map(str, missing.ids)),
                )
            )
        lots.check_access("read")
        return lots

    @api.model
    def _are_ids(self, ids):
        return isinstance(ids, (list, tuple)) and all(
            type(one) is int and 0 < one < 2**31 for one in ids
        )

    @api.model
    def _get_moment(self, date):
        """Return ``date`` as a datetime, False if empty.

        :raise UserError: where it is none
        """
        try:
            return fields.Datetime.to_datetime(date) or False
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("%(date)s is no date and time.", date=repr(date)[:80])
            ) from error

    @api.model
    def _get_depth(self, depth):
        if depth and (type(depth) is not int or depth < 0):
            raise UserError(
                self.env._(
                    "%(depth)s: give the number of steps, 1 or more, or nothing.",
                    depth=repr(depth)[:80],
                )
            )
        return depth or None

    @api.model
    def _get_text(self, moment):
        """Return a datetime or date as JSON carries it."""
        return moment.isoformat() if moment else False
