from odoo import models
from odoo.exceptions import UserError

from .mrp_production_refusal import QuantityAsked, Refused


class MrpProduction(models.Model):
    """What was registered, to be looked at and put right: View Associations."""

    _inherit = "mrp.production"

    def qms_create_product(self, number, quantity=None):
        """Register a finished product by hand.

        :param str number: lot or serial number; empty for the next of the product
        :param float quantity: of a lot; what is left of the order if empty
        :return: the finished product, as in :meth:`qms_get_tracked`
        :raise UserError: why it can't be registered
        """
        self._qms_check_one()
        self._qms_check_tracker()
        self._qms_lock_tracking()
        number = number or self._qms_make_number()
        scan = {"mode": "product", "product": False, "component": False}
        row = self._qms_register_by_hand(scan, number, quantity)["row"]
        return row._prepare_shown(row._get_statuses()[row])

    def qms_create_component(self, product, component, number, quantity=None):
        """Register a component by hand.

        :param int product: id of the finished product
        :param int component: id of the component
        :param str number: its lot or serial number
        :param float quantity: of a lot; what remains if empty
        :return: as :meth:`qms_get_tracked_components`
        :raise UserError: why it can't be registered
        """
        self._qms_check_one()
        self._qms_check_tracker()
        self._qms_lock_tracking()
        scan = {"mode": "component", "product": product, "component": component}
        row = self._qms_register_by_hand(scan, number, quantity)["row"]
        return row._prepare_components()

    def _qms_register_by_hand(self, scan, number, quantity):
        """Register what was typed; a lot's missing quantity is all that remains.

        :raise UserError: why it can't be registered
        """
        scan = self._qms_read_scan(
            {**scan, "id": "by hand", "code": number, "quantity": quantity}
        )
        try:
            return self._qms_register(scan)
        except QuantityAsked as asked:
            return self._qms_register({**scan, "quantity": asked.quantity})
        except Refused as refusal:
            raise UserError(str(refusal)) from None

    # -- Numbers -----------------------------------------------------------------------

    def qms_get_next_number(self):
        """Return the next number of the product's sequence.

        :rtype: str
        """
        self._qms_check_one()
        self._qms_check_tracker()
        return self._qms_make_number()

    def _qms_make_number(self):
        # sudo: who registers need not be allowed to read sequences
        return self.sudo()._prepare_stock_lot_values()["name"]

    def _qms_check_new_number(self, name):
        """Refuse a finished number that doesn't exist and may not be made.

        :raise Refused: says which numbers may
        """
        if not self.picking_type_id.use_create_lots:
            raise Refused(
                self.env._("%s is unknown, and this operation makes no new ones.", name)
            )
        if self.company_id.qms_tracked_new_numbers == "any":
            return
        # sudo: who registers need not be allowed to read sequences
        sequence = self.product_id.sudo().lot_sequence_id
        sequence = sequence or self._qms_get_common_sequence()
        prefix, suffix = sequence._get_prefix_suffix() if sequence else ("", "")
        digits = name[len(prefix) : len(name) - len(suffix)]
        fits = name.startswith(prefix) and name.endswith(suffix) and digits.isdecimal()
        if not fits or len(digits) < sequence.padding:
            raise Refused(
                self.env._(
                    "%(number)s is unknown, and no number of %(product)s's sequence.",
                    number=name,
                    product=self.product_id.display_name,
                )
            )

    def _qms_get_common_sequence(self):
        sequences = self.env["ir.sequence"].sudo()
        return sequences.search(
            [
                ("code", "=", "stock.lot.serial"),
                ("company_id", "in", (False, self.company_id.id)),
            ],
            order="company_id",
            limit=1,
        )

    def _qms_make_lot(self, name):
        return self.env["stock.lot"].create(
            {
                "name": name,
                "product_id": self.product_id.id,
            }
        )

    # -- Removing ----------------------------------------------------------------------

    def qms_remove_products(self, products):
        """Take finished products back, with all that was registered into them.

        :param list products: ids
        :raise UserError: if one is produced already
        """
        rows = self._qms_get_own("qms.tracked.product", products)
        self._qms_check_removable(rows)
        rows._remove(self.env._("Removed"))
        return True

    def qms_remove_components(self, registrations):
        """Take registrations of components back.

        :param list registrations: ids
        :raise UserError: if one is consumed already
        """
        ones = self._qms_get_own("qms.tracked.component", registrations)
        self._qms_check_removable(ones)
        ones._remove(self.env._("Removed"))
        return True

    def _qms_get_own(self, model, ids):
        """Return rows of this order and those split from it, to be changed.

        :raise UserError: if one isn't there
        """
        self._qms_check_one()
        self._qms_check_tracker()
        self._qms_lock_tracking()
        if not isinstance(ids, list | tuple) or not ids:
            raise UserError(self.env._("Choose a row first."))
        for one in ids:
            self._qms_check_id(one or -1)
        rows = self.env[model].search(
            [
                ("id", "in", ids),
                ("production_id", "in", self._qms_get_group().ids),
                ("state", "in", ("open", "done")),
            ]
        )
        if len(rows) != len(set(ids)):
            raise UserError(
                self.env._("Somebody else has removed a row. Look at the list again.")
            )
        return rows

    def _qms_check_removable(self, rows):
        done = rows.filtered(lambda row: row.state != "open")
        if done:
            raise UserError(
                self.env._(
                    "%s: finished already. Correct it with Adjust Consumption, which"
                    " keeps what was registered before.",
                    ", ".join(done.lot_id.mapped("name")),
                )
            )

    # -- Picking -----------------------------------------------------------------------

    def qms_pick_components(self, registrations):
        """Pick what is registered: it becomes the consumption of the order.

        :param list registrations: ids
        """
        ones = self._qms_get_own("qms.tracked.component", registrations)
        self._qms_check_removable(ones)
        ones._pick()
        return True

    def qms_adjust_consumption(self, product):
        """Open the dialog that adjusts what a finished product has consumed.

        :param int product: id
        :return: the action
        """
        row = self._qms_get_own("qms.tracked.product", [product])
        return self.env["qms.tracked.adjustment"]._open(row)
