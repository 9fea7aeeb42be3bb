from psycopg2.errors import UniqueViolation

from odoo import models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.qms_quality.models.number_text import format_quantity

from .mrp_production_tracked import OPEN_STATES
from .scanned_code import ScannedCode, is_gs1, read_digital_link, read_values

MAX_LENGTH = 256


class Refused(Exception):
    """A scan that isn't registered, with the sentence that says why."""


class QuantityAsked(Exception):
    """A scan that needs a quantity before it can be registered."""

    def __init__(self, lot, quantity, uom):
        super().__init__(lot)
        self.lot, self.quantity, self.uom = lot, quantity, uom


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

    def _qms_read_code(self, text):
        """Return a :class:`ScannedCode`."""
        values = read_digital_link(text)
        if not values and is_gs1(text):
            values = self.env["qms.quality.order"]._read_gs1(text)
        code = read_values(text, values)
        if code.gtin or code.numbers:
            return code
        return ScannedCode(text, "", [text], None)

    def _qms_fits_gtin(self, product, gtin):
        short = self.env["qms.quality.order"]._get_short_gtins(gtin)
        # sudo: barcodes of packagings aren't everybody's to read
        packagings = product.sudo().product_uom_ids
        return product.barcode in short or set(packagings.mapped("barcode")) & {*short}

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

    def _qms_choose_number(self, code, product):
        """Return the number that counts: a serial's own, else the batch."""
        return code.numbers[0] if product.tracking == "serial" else code.numbers[-1]

    def _qms_find_lot(self, name, products):
        return self.env["stock.lot"].search(
            [
                ("name", "=", name),
                ("product_id", "in", products.ids),
                ("company_id", "in", (False, self.company_id.id)),
            ],
            limit=1,
        )

    def _qms_find_row(self, lot):
        rows = self._qms_get_group()._qms_get_open_rows()
        return rows.filtered(lambda row: row.lot_id == lot)[:1] if lot else rows[:0]

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

    def _qms_get_full_text(self):
        if self.state not in OPEN_STATES:
            return self.env._("%s is closed: nothing more is made.", self.name)
        return self.env._(
            "All products of %s are registered already.", self.display_name
        )

    def _qms_check_made_elsewhere(self, lot):
        if not lot or self.product_tracking != "serial":
            return
        # sudo: a number is made once, in whatever company
        rows = self.env["qms.tracked.product"].sudo()
        row = rows.search(
            [("lot_id", "=", lot.id), ("state", "in", ("open", "done"))],
            order="id desc",
            limit=1,
        )
        if row.state == "open":
            raise Refused(
                self.env._(
                    "%(number)s is registered on %(order)s already.",
                    number=lot.name,
                    order=row.production_id.name,
                )
            )
        orders = self.env["mrp.production"]
        if orders._are_finished_serials_already_produced(lot):
            raise Refused(
                self.env._(
                    "%(number)s was made already, by %(order)s.",
                    number=lot.name,
                    order=row.production_id.name or self._qms_get_maker(lot),
                )
            )

    def _qms_get_maker(self, lot):
        lines = self.env["stock.move.line"].sudo()
        line = lines.search(
            [
                ("lot_id", "=", lot.id),
                ("state", "=", "done"),
                ("location_id.usage", "=", "production"),
            ],
            order="id desc",
            limit=1,
        )
        return line.reference or self.env._("another order")

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

    def _qms_get_products(self, move):
        """Return what may be used as a component: itself, and what may replace it."""
        if not self.qms_allow_substitutes:
            return move.product_id
        # sudo: bills of materials of other companies aren't read, their products are
        return move.product_id | move.sudo().bom_line_id.qms_substitute_ids.sudo(False)

    def _qms_find_component(self, code, move_id, left):
        """Return which component of the order a code names, and its lot.

        :param dict left: components, and how much of each remains
        :raise Refused: if there is none, or it could be several
        """
        moves = self.env["stock.move"].union(*left)
        chosen = moves.filtered(lambda move: move.id == move_id)
        places = {move: self._qms_get_products(move) for move in chosen or moves}
        products = self.env["product.product"].union(*places.values())
        if code.gtin:
            products = products.filtered(
                lambda one: self._qms_fits_gtin(one, code.gtin)
            )
            if not products:
                self._qms_refuse_other_item(code)
        lots = self._qms_find_lots(code, products)
        if not lots:
            self._qms_refuse_number(code, products, chosen)
        if len(lots) > 1:
            raise Refused(
                self.env._(
                    "Several components have a number %s: choose the component first.",
                    code.numbers[0],
                )
            )
        return self._qms_choose_move(places, lots, left), lots

    def _qms_find_lots(self, code, products):
        lots = self.env["stock.lot"].search(
            [
                ("name", "in", code.numbers),
                ("product_id", "in", products.ids),
                ("company_id", "in", (False, self.company_id.id)),
            ]
        )
        return lots.filtered(
            lambda lot: lot.name == self._qms_choose_number(code, lot.product_id)
        )

    def _qms_choose_move(self, places, lot, left):
        """Return the component a lot is for: the first that needs more of it."""
        moves = [
            move for move, products in places.items() if lot.product_id in products
        ]
        for move in moves:
            if move.product_id.uom_id.compare(left[move], 0) > 0:
                return move
        return moves[0]

    def _qms_refuse_other_item(self, code):
        short = self.env["qms.quality.order"]._get_short_gtins(code.gtin)
        product = self.env["product.product"].search(
            [("barcode", "in", short)], limit=1
        )
        raise Refused(
            self.env._(
                "This is %(item)s, which isn't what %(order)s asks for.",
                item=product.display_name or code.gtin,
                order=self.name,
            )
        )

    def _qms_refuse_number(self, code, products, chosen):
        """Say whether a number is of another product, or unknown."""
        number = code.numbers[0]
        other = self.env["stock.lot"].search(
            [
                ("name", "in", code.numbers),
                ("company_id", "in", (False, self.company_id.id)),
            ],
            limit=1,
        )
        if not other:
            raise Refused(self.env._("%s is unknown: no lot has this number.", number))
        wanted = chosen.product_id.display_name or self.env._(
            "a component of the order"
        )
        raise Refused(
            self.env._(
                "%(number)s is a number of %(product)s, not of %(wanted)s.",
                number=number,
                product=other.product_id.display_name,
                wanted=wanted,
            )
        )

    def _qms_check_unused(self, lot):
        if lot.product_id.tracking != "serial":
            return
        used = self.env["qms.tracked.component"]._get_open_of_lot(lot)[:1]
        if used:
            self._qms_refuse_used(lot, used)

    def _qms_refuse_used(self, lot, used):
        raise Refused(
            self.env._(
                "%(number)s is already used, in %(finished)s of %(order)s.",
                number=lot.name,
                finished=used.finished_lot_id.name,
                order=used.production_id.name,
            )
        )

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
        try:
            if lot.product_id not in self._qms_get_products(move):
                self._qms_refuse_number(
                    ScannedCode("", "", [lot.name], None), lot.product_id, move
                )
            self._qms_check_unused(lot)
            self._qms_check_usable(move, lot, quantity)
        except Refused as refusal:
            raise UserError(str(refusal)) from None
        return self.env["qms.tracked.component"]._write_down(row, move, lot, quantity)

    def _qms_check_usable(self, move, lot, quantity):
        """Refuse goods that aren't here, or that may not be consumed."""
        lot._qms_lock_registrations()
        quants = move._qms_get_quants(lot)
        self._qms_check_in_stock(move, lot, quantity, quants)
        self._qms_check_gate(move, lot, quantity, quants)

    def _qms_check_in_stock(self, move, lot, quantity, quants):
        """Refuse what isn't where the order takes its components from."""
        here = sum(quants.mapped("quantity"))
        registered = self.env["qms.tracked.component"]._get_open_of_lot(lot)
        free = here - sum(registered.mapped("quantity"))
        if lot.product_id.uom_id.compare(quantity, free) <= 0:
            return
        used = self._qms_get_former_use(lot)
        if used and not here:
            self._qms_refuse_used(lot, used)
        raise Refused(
            self.env._(
                "%(number)s isn't in stock in %(place)s: %(free)s %(unit)s are left.",
                number=lot.name,
                place=move.location_id.display_name,
                free=format_quantity(self.env, max(free, 0)),
                unit=lot.product_id.uom_id.name,
            )
        )

    def _qms_get_former_use(self, lot):
        if lot.product_id.tracking != "serial":
            return self.env["qms.tracked.component"]
        # sudo: a number is used up in whatever company
        return (
            self.env["qms.tracked.component"]
            .sudo()
            .search(
                [("lot_id", "=", lot.id), ("state", "=", "done")],
                order="id desc",
                limit=1,
            )
        )

    def _qms_check_gate(self, move, lot, quantity, quants):
        """Refuse what a hold, a requirement or a date keeps from being consumed."""
        reasons = move._qms_get_refusals(quants)
        free = sum(quant.quantity for quant in quants if not reasons[quant])
        if lot.product_id.uom_id.compare(free, quantity) >= 0:
            return
        lines = self.env["stock.move.line"]
        texts = [lines._qms_get_reason_text(one[0]) for one in reasons.values() if one]
        raise Refused(
            self.env._(
                "%(number)s can't be used: %(why)s",
                number=lot.name,
                why=texts[0] if texts else "",
            )
        )
