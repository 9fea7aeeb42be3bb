from odoo import api, fields, models
from odoo.tools import SQL

from .transaction import as_types


class QmsHold(models.Model):
    """Goods that some customers accepted as they are: others don't get them."""

    _inherit = "qms.hold"

    allowed_partner_ids = fields.Many2many(
        "res.partner",
        "qms_hold_allowed_partner_rel",
        "hold_id",
        "partner_id",
        string="Allowed for",
        readonly=True,
        copy=False,
        help="These customers get the goods all the same; the hold refuses delivery to"
        " others only.",
    )
    # asked with every hold: what is not limited costs no query
    is_limited = fields.Boolean(
        compute="_compute_is_limited", store=True, precompute=True, qms_audit=False
    )

    @api.depends("allowed_partner_ids")
    def _compute_is_limited(self):
        for hold in self:
            hold.is_limited = bool(hold.allowed_partner_ids)

    def _get_policy(self, types, partner=None):
        """Return the strictest policy of the hold for one or several types.

        :param types: transaction types
        :param partner: ``res.partner`` that the goods go to or come from
        """
        self.ensure_one()
        policy = self.status_id._get_policy(types)
        if policy == "allow" or not self._allows(partner):
            return policy
        others = [name for name in as_types(types) if name != "delivery"]
        return self.status_id._get_policy(others)

    def _allows(self, partner):
        """Tell whether ``partner`` is one of those who get the goods all the same."""
        if not self.is_limited or not partner:
            return False
        # sudo: whose goods they are doesn't depend on who may read the partner
        allowed = self.sudo().allowed_partner_ids.commercial_partner_id
        return partner.sudo().commercial_partner_id in allowed

    @api.model
    def _get_unlimited_sql(self, type, partner):
        """Return SQL that leaves out the holds ``h`` that don't concern ``partner``.

        The twin of :meth:`_get_policy` for one type.
        """
        if type != "delivery" or not partner:
            return SQL()
        return SQL(
            """ AND NOT (h.is_limited AND EXISTS (
                    SELECT 1 FROM qms_hold_allowed_partner_rel r
                    JOIN res_partner p ON p.id = r.partner_id
                    WHERE r.hold_id = h.id AND p.commercial_partner_id = %s))""",
            # sudo: see _allows
            partner.sudo().commercial_partner_id.id,
        )

    # -- What is free for whom ---------------------------------------------------------

    @api.model
    def _group_by_customer(self, records, get_partner):
        """Group records by the customers that some goods are limited to.

        One query, however many records and partners; most are in the group of nobody.

        :param get_partner: returns whom a record's goods go to
        :return: ``{res.partner: records}``, the company of the customer, or empty
        """
        # sudo: see _allows
        companies = {
            record: get_partner(record).sudo().commercial_partner_id._origin
            for record in records
        }
        partners = self.env["res.partner"].sudo().union(*companies.values())
        known = self._get_exempt(partners)
        nobody = partners.browse()
        return records.grouped(
            lambda record: companies[record] if companies[record] in known else nobody
        )

    @api.model
    def _get_exempt(self, partners):
        """Return those of ``partners`` that some goods are limited to."""
        if not partners:
            return partners
        self.flush_model(["state", "is_limited", "allowed_partner_ids"])
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT p.commercial_partner_id FROM qms_hold h
                   JOIN qms_hold_allowed_partner_rel r ON r.hold_id = h.id
                   JOIN res_partner p ON p.id = r.partner_id
                   WHERE h.state = 'open' AND h.is_limited
                     AND p.commercial_partner_id IN %s""",
                tuple(partners.ids),
            )
        )
        return partners.browse(partner_id for (partner_id,) in rows)

    def _get_reason_text(self):
        text = super()._get_reason_text()
        if not self.sudo().is_limited:
            return text
        return self.env._(
            "%(reason)s. Only for: %(customers)s",
            reason=text,
            customers=", ".join(self.sudo().allowed_partner_ids.mapped("display_name")),
        )

    # -- The limit goes with the goods -------------------------------------------------

    def _prepare_extension(self, goods):
        return {**super()._prepare_extension(goods), **self._prepare_limit()}

    def _prepare_child_lot(self, child):
        return {**super()._prepare_child_lot(child), **self._prepare_limit()}

    def _prepare_limit(self):
        if not self.is_limited:
            return {}
        return {
            "allowed_partner_ids": [fields.Command.set(self.allowed_partner_ids.ids)]
        }
