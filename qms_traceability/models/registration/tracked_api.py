from odoo import api, models
from odoo.exceptions import UserError


class QmsTrackedComponent(models.Model):
    """What machines on the line call: register, list, remove."""

    _inherit = "qms.tracked.component"

    @api.model
    def register(self, order, scans):
        """Register what a machine has built or scanned, in its order.

        A scan that is sent again is registered once, and answered as before. Each is
        registered or refused by itself.

        :param str order: name of the manufacturing order, or its id
        :param list scans: dictionaries as :meth:`mrp.production.qms_scan` takes;
            instead of ``product``, ``finished`` can name the finished lot or serial
            number, and instead of ``component``, ``item`` the component's internal
            reference or barcode.
        :return: an answer for each scan: ``id``, ``outcome``, ``message``
        :rtype: list
        :raise AccessError: if the user may not register for the order
        :raise UserError: if a scan is malformed; then none is registered
        """
        production = self._find_order(order)
        if not isinstance(scans, list | tuple):
            production._qms_refuse_malformed()
        return [self._register_one(production, scan) for scan in scans]

    @api.model
    def _register_one(self, production, scan):
        if not isinstance(scan, dict):
            production._qms_refuse_malformed()
        scan = {"mode": "component", **scan}
        key = production._qms_read_scan(scan)["id"]
        # what was answered before is, even if what it names is gone meanwhile
        if not self.env["qms.tracked.scan"]._find(key):
            scan = self._find_named(production, scan)
        answer = production.qms_scan(scan)
        if answer["outcome"] == "quantity":
            quantity = answer["question"]["quantity"]
            answer = production.qms_scan({**scan, "quantity": quantity})
        shown = {name: answer[name] for name in ("id", "outcome", "message")}
        return {**shown, "product": answer["product"] and answer["product"]["id"]}

    @api.model
    def list_registrations(self, order):
        """Return what is registered of an order, and of those split from it.

        :param str order: name of the manufacturing order, or its id
        :return: dictionaries: ``id``, ``name``, ``order``, ``finished``, ``product``,
            ``lot``, ``quantity``, ``unit``, ``state``, ``user`` and ``date``
        :rtype: list
        """
        production = self._find_order(order)
        ones = self.search([("production_id", "in", production._qms_get_group().ids)])
        return [
            {
                **one._prepare_shown(),
                "order": one.production_id.name,
                "finished": one.finished_lot_id.name,
            }
            for one in ones
        ]

    @api.model
    def remove(self, order, registrations):
        """Take registrations back that aren't consumed yet.

        :param str order: name of the manufacturing order, or its id
        :param list registrations: ids, as :meth:`list_registrations` returns them
        :raise UserError: if one is consumed already
        """
        return self._find_order(order).qms_remove_components(registrations)

    @api.model
    def _find_order(self, order):
        """Return the order that a machine names.

        :raise UserError: if there is none
        """
        orders = self.env["mrp.production"]
        orders.browse()._qms_check_tracker()
        is_id = isinstance(order, int) and not isinstance(order, bool)
        if is_id and 0 < order < 2**31:
            found = orders.search([("id", "=", order)])
        elif isinstance(order, str) and order and "\0" not in order:
            found = orders.search([("name", "=", order)], limit=1)
        else:
            found = orders
        if not found:
            raise UserError(self.env._("There is no manufacturing order %s.", order))
        return found

    @api.model
    def _find_named(self, production, scan):
        """Return a scan with the ids of what a machine names."""
        if scan.get("finished"):
            row = self._find_row(production, scan["finished"])
            scan = {**scan, "product": row.id}
        if scan.get("item"):
            scan = {**scan, "component": self._find_item(production, scan)}
        return scan

    @api.model
    def _find_row(self, production, number):
        rows = production._qms_get_group()._qms_get_open_rows()
        return rows.filtered(lambda row: row.lot_id.name == number)[:1]

    @api.model
    def _find_item(self, production, scan):
        """Return the id of the component that a machine names.

        :raise UserError: if the order has none such
        """
        production._qms_check_id(scan.get("product"))
        row = (
            production._qms_get_group()
            ._qms_get_open_rows()
            .filtered(lambda one: one.id == scan.get("product"))
        )
        moves = (row.production_id or production)._qms_get_tracked_moves()
        move = moves.filtered(
            lambda one: (
                scan["item"] in (one.product_id.default_code, one.product_id.barcode)
            )
        )[:1]
        if not move:
            raise UserError(
                self.env._(
                    "%(order)s has no component %(item)s.",
                    order=production.name,
                    item=scan["item"],
                )
            )
        return move.id
