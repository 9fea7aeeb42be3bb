from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

SHOWN = 20


class QmsNonconformance(models.Model):
    """What was wrong before, with the same product or the same supplier or customer."""

    _inherit = "qms.nonconformance"

    earlier_ids = fields.Many2many(
        "qms.nonconformance",
        string="Earlier Cases",
        compute="_compute_earlier_ids",
        help="The last ones of the same product or the same partner.",
    )
    earlier_product_count = fields.Integer(
        string="Cases of the Product", compute="_compute_earlier_counts"
    )
    earlier_partner_count = fields.Integer(
        string="Cases of the Partner", compute="_compute_earlier_counts"
    )

    def _compute_earlier_ids(self):
        self.earlier_ids = False
        if not self.ids:
            return
        self.flush_model(["product_id", "partner_id", "company_id", "state"])
        rows = self.env.execute_query(self._get_earlier_query())
        by_id = {case.id: case for case in self}
        for case_id, ids in rows:
            by_id[case_id].earlier_ids = self.browse(ids)

    def _get_earlier_query(self):
        return SQL(
            """SELECT own.id, array_agg(earlier.id ORDER BY earlier.id DESC)
               FROM qms_nonconformance own CROSS JOIN LATERAL (
                   SELECT other.id FROM qms_nonconformance other
                   WHERE other.id <> own.id AND other.company_id = own.company_id
                     AND other.state <> 'cancelled'
                     AND (other.product_id = own.product_id
                          OR other.partner_id = own.partner_id)
                   ORDER BY other.id DESC LIMIT %s) earlier
               WHERE own.id IN %s GROUP BY own.id""",
            SHOWN,
            tuple(self.ids),
        )

    def _compute_earlier_counts(self):
        for name in ("product_id", "partner_id"):
            counts = dict(
                self._read_group(
                    Domain(name, "in", self[name].ids)
                    & Domain("state", "!=", "cancelled"),
                    [name],
                    ["__count"],
                )
            )
            field = f"earlier_{name.removesuffix('_id')}_count"
            for case in self:
                counted = case.state != "cancelled" and bool(case._origin)
                case[field] = max(counts.get(case[name]._origin, 0) - counted, 0)

    def action_open_earlier_product(self):
        """Open the other cases of the product."""
        return self._open_earlier("product_id")

    def action_open_earlier_partner(self):
        """Open the other cases of the supplier or customer."""
        return self._open_earlier("partner_id")

    def _open_earlier(self, name):
        self.ensure_one()
        domain = [
            (name, "=", self[name].id),
            ("id", "!=", self.id),
            ("state", "!=", "cancelled"),
        ]
        return self._get_action(domain, {"create": False})
