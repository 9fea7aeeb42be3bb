from odoo import models
from odoo.tools import SQL


class QmsCriterionMixin(models.AbstractModel):
    """Criteria about the inspection status that goods are held in.

    Goods may be held in several: each of them has to be accepted.
    """

    _inherit = "qms.criterion.mixin"

    def _judge_status(self, facts):
        accepted = set(self.status_ids.ids)
        return [
            ("met" if ids <= accepted else "departs", names)
            for ids, names in facts.status_values
        ]

    def _get_status_domain(self, facts):
        available = self.env["qms.inspection.status"]._get_available()
        accepted = self.status_ids

        def to_sql(model, alias, _query):
            self.env["qms.hold"].flush_model()
            refused = SQL("h.status_id NOT IN %s", tuple(accepted.ids) or (0,))
            is_fine = SQL("NOT %s", self._get_held_sql(alias, refused))
            if available in accepted:
                return is_fine
            any_hold = self._get_held_sql(alias, SQL("TRUE"))
            return SQL("(%s AND %s)", is_fine, any_hold)

        return self._get_custom_domain(facts, to_sql)

    def _get_held_sql(self, alias, condition):
        """Return the SQL of whether an open hold ``h`` covers the stock.

        Two look-ups, each by the index of its kind of holds. What waits for a new lot's
        first goods says nothing of those that are there.
        """
        return SQL(
            """(EXISTS (
                   SELECT 1 FROM qms_hold h
                   WHERE h.state = 'open' AND h.scope = 'lot'
                     AND h.provisional IS NOT TRUE
                     AND h.lot_id = %(lot)s AND h.product_id = %(product)s
                     AND %(condition)s)
                OR EXISTS (
                   SELECT 1 FROM qms_hold h
                   LEFT JOIN stock_location hl ON hl.id = h.location_id
                   LEFT JOIN stock_location ql ON ql.id = %(location)s
                   WHERE h.state = 'open' AND h.scope <> 'lot'
                     AND h.provisional IS NOT TRUE
                     AND h.product_id = %(product)s
                     AND (h.lot_id IS NULL OR h.lot_id = %(lot)s)
                     AND (h.package_id IS NULL OR h.package_id = %(package)s)
                     AND (hl.id IS NULL OR ql.parent_path LIKE hl.parent_path || '%%')
                     AND %(condition)s))""",
            lot=SQL.identifier(alias, "lot_id"),
            product=SQL.identifier(alias, "product_id"),
            location=SQL.identifier(alias, "location_id"),
            package=SQL.identifier(alias, "package_id"),
            condition=condition,
        )
