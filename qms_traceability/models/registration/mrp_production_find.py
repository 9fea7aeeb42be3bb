from odoo import models

from .mrp_production_refusal import Refused
from .scanned_code import ScannedCode, is_gs1, read_digital_link, read_values


class MrpProduction(models.Model):
    """Finding what was scanned: an item, a lot, a component of the order."""

    _inherit = "mrp.production"

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
