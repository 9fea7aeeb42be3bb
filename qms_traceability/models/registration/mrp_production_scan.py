from psycopg2.errors import UniqueViolation

from odoo import models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.qms_quality.models.number_text import format_quantity

from .mrp_production_refusal import QuantityAsked, Refused
from .mrp_production_tracked import OPEN_STATES
from .scanned_code import ScannedCode

MAX_LENGTH = 256


class MrpProduction(models.Model):
    """Registering what is scanned."""

    _inherit = "mrp.production"

    def qms_scan(self, scan):
        """Register one scan of a worker or a machine.

        A scan that comes twice is registered once.

        :param dict scan: ``id`` (text, unique), ``code`` (as scanned), ``mode``
            (``"product"`` or ``"component"``), ``product`` (id of the finished product,
            for components), ``component`` (id of the chosen component, or empty), and
            ``quantity`` (for lots; asked for if it is missing)
        :return: dictionary: ``outcome`` (``accepted``, ``selected``, ``quantity`` or
            ``refused``), ``message``, ``mode`` (what to scan next), ``product`` and
            ``components`` as in :meth:`qms_get_tracked`, and ``version``
        :rtype: dict
        :raise AccessError: if the user may not register for this order
        :raise UserError: if the scan is malformed
        """
        self._qms_check_one()
        self._qms_check_tracker()
        scan = self._qms_read_scan(scan)
        known = self.env["qms.tracked.scan"]._find(scan["id"])
        if known:
            return self._qms_answer_again(known)
        version = self._qms_lock_tracking()
        return {**self._qms_register_scan(scan), "id": scan["id"], "version": version}

    def _qms_register_scan(self, scan):
        """Register a scan, or say why not; write down what became of it."""
        try:
            with self.env.cr.savepoint():
                answer = self._qms_register(scan)
        except QuantityAsked as asked:
            return self._qms_prepare_question(scan, asked)
        except (Refused, UserError, ValidationError) as refusal:
            return self._qms_refuse_scan(scan, str(refusal))
        except UniqueViolation:
            # two workers scanned one number in the same moment
            text = self.env._("%s was registered just now.", scan["code"])
            return self._qms_refuse_scan(scan, text)
        self._qms_log_scan(scan, answer)
        return self._qms_prepare_answer(**answer)

    def _qms_register(self, scan):
        code = self._qms_read_code(scan["code"])
        if scan["mode"] == "product":
            return self._qms_register_product(code, scan)
        return self._qms_register_component(code, scan)

    # -- Reading -----------------------------------------------------------------------

    def _qms_read_scan(self, scan):
        """Return a scan with all its keys, each of its type.

        :raise UserError: if it is malformed
        """
        if not isinstance(scan, dict):
            self._qms_refuse_malformed()
        code, key = scan.get("code"), scan.get("id")
        for text in (code, key):
            is_text = isinstance(text, str) and text.strip() and "\0" not in text
            if not is_text or len(text) > MAX_LENGTH:
                self._qms_refuse_malformed()
        if scan.get("mode") not in ("product", "component"):
            self._qms_refuse_malformed()
        for name in ("product", "component"):
            self._qms_check_id(scan.get(name))
        return {
            "id": key,
            "code": code.strip(" \t\r\n"),
            "mode": scan["mode"],
            "product": scan.get("product") or False,
            "component": scan.get("component") or False,
            "quantity": self._qms_read_quantity(scan.get("quantity")),
        }

    def _qms_check_id(self, value):
        is_id = isinstance(value, int) and not isinstance(value, bool)
        if value and not (is_id and 0 < value < 2**31):
            self._qms_refuse_malformed()

    def _qms_read_quantity(self, quantity):
        if quantity is None or quantity is False:
            return None
        is_number = isinstance(quantity, int | float) and not isinstance(quantity, bool)
        # neither infinite nor NaN
        if not is_number or not 0 < quantity < 1e12:
            raise UserError(self.env._("A quantity is a number above 0."))
        return quantity

    def _qms_refuse_malformed(self):
        raise UserError(
            self.env._(
                "This is no scan: it needs an id, a code, and the mode “product” or"
                " “component”."
            )
        )

    # -- The finished product ----------------------------------------------------------

    def _qms_register_product(self, code, scan):
        if code.gtin and not self._qms_fits_gtin(self.product_id, code.gtin):
            self._qms_refuse_other_item(code)
        if not code.numbers:
            raise Refused(self.env._("%s tells no lot or serial number.", code.text))
        name = self._qms_choose_number(code, self.product_id)
        lot = self._qms_find_lot(name, self.product_id)
        known = self._qms_find_row(lot)
        if known:
            message = self.env._("%s is chosen.", lot.name)
            return {"row": known, "message": message, "outcome": "selected"}
        order, quantity = self._qms_place_product(lot, name, code, scan)
        message = self.env._("%s is registered.", name)
        if not lot:
            lot = self._qms_make_lot(name)
            message = self.env._("%s is new, and registered.", name)
        row = self.env["qms.tracked.product"]._write_down(order, lot, quantity)
        return {"row": row, "message": message}

    def _qms_place_product(self, lot, name, code, scan):
        """Return the order that makes a number, and how much of it.

        :raise Refused: if it can't be made
        """
        self._qms_check_made_elsewhere(lot)
        if not lot:
            self._qms_check_new_number(name)
        order = self._qms_get_group().filtered(
            lambda one: one.product_uom_id.compare(one._qms_get_room(), 0) > 0
        )[:1]
        if not order:
            raise Refused(self._qms_get_full_text())
        if self.product_tracking == "serial":
            return order, 1
        quantity = scan["quantity"] or code.quantity
        if not quantity:
            raise QuantityAsked(name, order._qms_get_room(), self.product_id.uom_id)
        if self.product_id.uom_id.compare(quantity, order._qms_get_room()) > 0:
            raise Refused(
                self.env._(
                    "Only %(quantity)s %(unit)s of %(order)s are left to register.",
                    quantity=format_quantity(self.env, order._qms_get_room()),
                    unit=self.product_id.uom_id.name,
                    order=order.name,
                )
            )
        return order, quantity

    # -- Components --------------------------------------------------------------------

    def _qms_register_component(self, code, scan):
        row = self._qms_get_row(scan["product"])
        order = row.production_id
        if not code.numbers:
            raise Refused(self.env._("%s tells no lot or serial number.", code.text))
        registered = row._get_registered()
        left = {
            move: row._get_started(move) - registered.get((row.id, move.id), 0)
            for move in order._qms_get_tracked_moves()
        }
        move, lot = order._qms_find_component(code, scan["component"], left)
        self._qms_check_unused(lot)
        quantity = order._qms_get_component_quantity(row, move, lot, code, scan, left)
        order._qms_check_usable(move, lot, quantity)
        one = self.env["qms.tracked.component"]._write_down(row, move, lot, quantity)
        message = self.env._(
            "%(number)s of %(product)s goes into %(finished)s.",
            number=lot.name,
            product=lot.product_id.display_name,
            finished=row.lot_id.name,
        )
        return {"row": row, "registration": one, "message": message}

    def _qms_get_row(self, row_id):
        """Return the finished product that components are registered into."""
        if not row_id:
            raise Refused(self.env._("Scan the number of the finished product first."))
        row = self.env["qms.tracked.product"].search_fetch([("id", "=", row_id)])
        if row.production_id.production_group_id != self.production_group_id:
            raise Refused(self.env._("This finished product isn't of %s.", self.name))
        row._check_not_cancelled()
        if row.production_id not in self._qms_get_group():
            raise Refused(self.env._("This finished product isn't of %s.", self.name))
        if row.state == "removed":
            raise Refused(self.env._("%s was removed. Scan it again.", row.lot_id.name))
        if row.state != "open" or row.production_id.state not in OPEN_STATES:
            raise Refused(
                self.env._(
                    "%s is finished: correct it with Adjust Consumption.",
                    row.lot_id.name,
                )
            )
        return row

    def _qms_get_component_quantity(self, row, move, lot, code, scan, left):
        """Return how much is registered, in the unit of the lot's product.

        :raise Refused: if that is more than remains
        """
        uom = lot.product_id.uom_id
        left = max(left[move], 0)
        is_serial = lot.product_id.tracking == "serial"
        quantity = 1 if is_serial else scan["quantity"] or code.quantity
        if uom.compare(left, 0) > 0 and not quantity:
            raise QuantityAsked(lot.name, left, uom)
        if not quantity or uom.compare(quantity, left) > 0:
            raise Refused(
                self.env._(
                    "Of %(product)s, %(finished)s takes only %(left)s %(unit)s more.",
                    product=move.product_id.display_name,
                    finished=row.lot_id.name,
                    left=format_quantity(self.env, left),
                    unit=uom.name,
                )
            )
        return quantity

    def _qms_register_lot(self, row, move, lot, quantity):
        """Register another quantity than the bill of materials says.

        :raise UserError: if the goods can't be used
        """
        self._qms_check_goods(move, lot, quantity)
        return self.env["qms.tracked.component"]._write_down(row, move, lot, quantity)

    def _qms_check_goods(self, move, lot, quantity):
        """Refuse goods that a component can't be, however much of it is used.

        :raise UserError: says why
        """
        try:
            if lot.product_id not in self._qms_get_products(move):
                self._qms_refuse_number(
                    ScannedCode("", "", [lot.name], None), lot.product_id, move
                )
            self._qms_check_unused(lot)
            self._qms_check_usable(move, lot, quantity)
        except Refused as refusal:
            raise UserError(str(refusal)) from None
