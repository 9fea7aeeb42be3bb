import re

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from .reading_row import is_storable

MAX_FOUND = 80
_READABLE = re.compile(r"\(([0-9]{2,4})\)([^()]+)")


class QmsQualityOrder(models.Model):
    """Finds the order that a label at the bench belongs to."""

    _inherit = "qms.quality.order"

    @api.model
    def scan(self, code):
        """Return the open orders that a scanned code is about.

        The code is the number of an order, the name of a lot or serial number, the
        barcode of a product, or a GS1 code with a lot, a serial number or a GTIN.

        :param str code: as the scanner sends it
        :return: ``{"orders": […], "message": text}``; an order has ``id``, ``name``,
            ``display_name``, ``product``, ``lot``, ``due`` and ``state``. Where there
            is none, the message says what to do.
        :rtype: dict
        """
        if not isinstance(code, str) or not code.strip() or not is_storable(code):
            raise UserError(
                self.env._("Scan the label of a lot or of a quality order.")
            )
        code = code.strip()
        orders = self._find_scanned(code)
        return {
            "orders": [order._prepare_scanned() for order in orders],
            "message": "" if orders else self._get_not_found_text(code),
        }

    @api.model
    def _find_scanned(self, code):
        """Return the open orders of the first meaning of a code that has any."""
        waiting = Domain("state", "in", ("draft", "open"))
        for domain in self._get_scan_domains(code):
            orders = self.search(waiting & domain, limit=MAX_FOUND)
            if orders:
                return orders
        return self.browse()

    @api.model
    def _get_scan_domains(self, code):
        """Yield where a code is looked for, the surest first."""
        yield Domain("name", "=", code) | Domain("lot_ids.name", "=", code)
        gs1 = self._get_gs1_domain(code)
        if gs1:
            yield gs1
        yield Domain("product_id.barcode", "=", code)

    @api.model
    def _get_gs1_domain(self, code):
        """Return what a GS1 code asks for, ``None`` where it is none.

        By the application identifiers of the GS1 General Specifications: 01 and 02 is
        the item, 10 the lot, 21 the serial number.
        """
        values = self._read_gs1(code)
        lots = [values[ai] for ai in ("21", "10") if ai in values]
        gtin = values.get("01") or values.get("02")
        if not lots and not gtin:
            return None
        domain = Domain("lot_ids.name", "in", lots) if lots else Domain.TRUE
        if gtin:
            domain &= Domain("product_id.barcode", "in", self._get_short_gtins(gtin))
        return domain

    @api.model
    def _get_short_gtins(self, gtin):
        """Return the ways to write a GTIN: 14 digits, or 13, 12 or 8 without zeros."""
        return [gtin[-size:] for size in (14, 13, 12, 8) if not gtin[:-size].strip("0")]

    @api.model
    def _read_gs1(self, code):
        """Return the values of a GS1 code by application identifier."""
        if code.startswith("("):
            # as it stands below the bars
            return dict(_READABLE.findall(code))
        nomenclature = self.env.ref(
            "barcodes_gs1_nomenclature.default_gs1_nomenclature",
            raise_if_not_found=False,
        )
        if not nomenclature:
            return {}
        try:
            # sudo: whoever inspects need not be allowed to read how barcodes are made
            parts = nomenclature.sudo().gs1_decompose_extended(code) or []
        except (ValidationError, ValueError):
            return {}
        return {part["ai"]: part["string_value"] for part in parts}

    def _prepare_scanned(self):
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "display_name": self.display_name,
            "product": self.product_id.display_name or "",
            "lot": self.lot_names or "",
            "due": format_date(self.env, self.date_due) if self.date_due else "",
            "state": self.state,
        }

    @api.model
    def _get_not_found_text(self, code):
        done = self.search(
            Domain("name", "=", code) | Domain("lot_ids.name", "=", code),
            order="id desc",
            limit=1,
        )
        if done:
            return self.env._(
                "No open quality order for “%(code)s”. The last one is %(order)s."
                " A quality manager can reopen it, or make another one.",
                code=code[:64],
                order=done._get_name_and_state()[0],
            )
        return self.env._(
            "No quality order for “%s”. Scan the label again, type the name of the lot,"
            " or ask for a quality check of the goods.",
            code[:64],
        )
