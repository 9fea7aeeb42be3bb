from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.qms_quality.models.number_text import format_quantity


class QmsTrace(models.AbstractModel):
    """All that is known of one lot or serial number, on one page."""

    _inherit = "qms.trace"

    @api.model
    @api.readonly
    def get_batch_record(self, lot_id):
        """Return the batch record of a lot or serial number: how it came to be, what
        was found, who signed, and where it went. As far as the user may read it.

        :param int lot_id: id of a ``stock.lot``
        :return: ``{"lot_id": int, "lot": str, "product_id": int, "product": str,
            "status": str or False, "batch": str or False, for serial numbers that came
            together, "quantity": float, "uom": str, "hidden": lots of other companies
            that are left out, "sections": [{"name": str, "label": str, "columns":
            labels, "rows": [[str or float]]}]}``; sections are "ingredients", "work",
            "readings", "tests", "deviations", "nonconformances", "dispositions",
            "holds", "signatures", "uses", "deliveries", "stock"
        :raise UserError: where there is no such lot
        :raise AccessError: where the user may not read it, or no genealogy
        """
        lot = self._get_lots([lot_id])
        trace = self.both(lot)
        root = next(node for node in trace["nodes"] if node["id"] in trace["roots"])
        orders = self._get_record_orders(lot)
        sections = [
            *self._get_goods_sections(trace),
            self._get_work_section(lot),
            *self._get_reading_sections(lot, orders),
            *self._get_decision_sections(lot),
            self._get_signature_section(lot, orders),
            *self._get_whereabouts(trace, lot),
        ]
        return {
            "lot_id": lot.id,
            "lot": lot.name,
            "product_id": lot.product_id.id,
            "product": lot.product_id.display_name,
            "status": lot.inspection_status_id.name or False,
            "batch": lot.qms_batch or False,
            "quantity": root["quantity"],
            "uom": root["uom"],
            "hidden": trace["hidden"],
            "sections": [section for section in sections if section["rows"]],
        }

    @api.model
    @api.readonly
    def get_serial_chain(self, name, product_id=None, company_id=None):
        """Return the batch record of a serial or lot number that a customer reads out.

        :param str name: as it stands on the goods
        :param int product_id: of which product, where several have such a number
        :param int company_id: of which of the user's companies, where several have it
        :return: see :meth:`get_batch_record`
        :raise UserError: where there is none, or more than one
        :raise AccessError: where the user may not read it, or no genealogy
        """
        domain = self._get_number_domain(name, product_id, company_id)
        lots = self.env["stock.lot"].search(domain, limit=10)
        if not lots:
            raise UserError(
                self.env._(
                    "No lot or serial number %(name)s is known. Read it from the goods"
                    " again.",
                    name=str(name)[:80],
                )
            )
        if len(lots) > 1:
            raise UserError(self._tell_ambiguous(lots))
        return self.get_batch_record(lots.id)

    @api.model
    def _get_number_domain(self, name, product_id, company_id):
        """Return the domain of lots of a number; those of all companies are each's."""
        domain = Domain("name", "=", str(name or "").strip())
        if product_id:
            known = [product_id] if self._are_ids([product_id]) else []
            domain &= Domain("product_id", "in", known)
        if company_id:
            known = [company_id, False] if self._are_ids([company_id]) else []
            domain &= Domain("company_id", "in", known)
        return domain

    @api.model
    def _tell_ambiguous(self, lots):
        """Say what has to be told beside the number of these lots."""
        if len(lots.product_id) > 1:
            return self.env._(
                "%(name)s is a number of several products: %(products)s. Say of which.",
                name=lots[0].name,
                products=", ".join(lots.product_id.mapped("display_name")),
            )
        return self.env._(
            "%(name)s is a number of %(product)s in several companies: %(companies)s."
            " Say of which.",
            name=lots[0].name,
            product=lots.product_id.display_name,
            companies=", ".join(lots.company_id.mapped("name")),
        )

    @api.model
    def _section(self, name, label, columns, rows):
        return {
            "name": name,
            "label": label,
            "columns": columns,
            "rows": [[cell or "" for cell in row] for row in rows],
        }

    # -- In words ---------------------------------------------------------------------

    @api.model
    def _tell_lot(self, node):
        return node["name"] if node["kind"] == "lot" else self.env._("not known")

    @api.model
    def _tell_status(self, node):
        return node["status"]["name"] if node["status"] else ""

    @api.model
    def _tell_quantity(self, quantity, unit):
        return f"{format_quantity(self.env, quantity)} {unit}"

    @api.model
    def _tell_time(self, text):
        """Return a moment of a fact, in the user's language and time zone."""
        return self._tell_moment(self._get_moment(text and text.replace("T", " ")))

    @api.model
    def _tell_moment(self, moment):
        return moment and self.env["ir.qweb.field.datetime"].value_to_html(moment, {})
