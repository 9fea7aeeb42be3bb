from odoo import models
from odoo.tools import SQL

from .goods_facts import DECIMALS, NUMBERS, exact

TEMPERATURE = "qms_quality.attribute_receipt_temperature"
COLUMNS = {
    "text": "value_text",
    "integer": "value_number",
    "decimal": "value_number",
    "date": "value_date",
    "boolean": "value_boolean",
    "option": "option_id",
    "country": "country_id",
}


class QmsCriterionMixin(models.AbstractModel):
    """Criteria about what is known of a lot: its attributes."""

    _inherit = "qms.criterion.mixin"

    def _get_attribute(self):
        """Return the attribute that this criterion is about, empty if none."""
        self.ensure_one()
        if self.kind == "temperature":
            attributes = self.env["qms.attribute"].sudo()
            res_id = self.env["ir.model.data"]._xmlid_to_res_id(TEMPERATURE)
            return attributes.browse(res_id or ())
        return self.attribute_id

    # -- For goods at hand -------------------------------------------------------------

    def _judge_temperature(self, facts):
        return self._judge_attribute(facts)

    def _judge_attribute(self, facts):
        attribute = self._get_attribute()
        values = facts.values.get(attribute.id, {})
        pending = facts.pending.get(attribute.id, {})
        meets = self._get_test()
        not_recorded = ("missing", self.env._("not recorded"))

        def judge(lot_id):
            if value := values.get(lot_id):
                return ("met" if meets(value[0]) else "departs"), value[1]
            if lot_id in pending:
                order = pending[lot_id].name
                return "pending", self.env._("waits for %(order)s", order=order)
            return not_recorded

        return self._judge_each(facts, judge)

    def _get_test(self):
        """Return the function that tells whether a value meets this criterion."""
        if self.operator == "exists":
            return lambda value: True
        if self.operator in ("between", ">=", "<="):
            return self._get_bounds_test()
        values = self._get_values()
        if self._is_toleranced():
            return self._get_bounds_test()
        if self.operator in ("=", "in"):
            return lambda value: value in values
        return lambda value: value not in values

    def _get_bounds_test(self):
        low, high = self._get_bounds()
        if low is None:
            return lambda value: value <= high
        if high is None:
            return lambda value: value >= low
        return lambda value: low <= value <= high

    def _is_toleranced(self):
        is_number = self._get_attribute().type in NUMBERS
        return self.operator == "=" and is_number and self.tolerance

    def _get_bounds(self):
        """Return the lowest and the highest value that meets, None where open."""
        if self._get_attribute().type == "date":
            low, high, more = self.value_date, self.value_date_to, None
        else:
            low, high = exact(self.value_number), exact(self.value_number_to)
            more = exact(self.tolerance)
        if self.operator != "between":
            high = low
        if more is not None:
            low, high = low - more, high + more
        return (
            None if self.operator == "<=" else low,
            None if self.operator == ">=" else high,
        )

    def _get_values(self):
        """Return the values that this criterion names, as a set."""
        type_ = self._get_attribute().type
        if type_ == "option":
            return set(self.option_ids.ids)
        if type_ == "country":
            return set(self.country_ids.ids)
        if type_ == "text":
            return self._get_texts()
        if type_ in NUMBERS:
            return {exact(self.value_number)}
        return {self[COLUMNS[type_]]}

    def _get_texts(self):
        text = (self.value_text or "").strip()
        if self.operator not in ("in", "not in"):
            return {text}
        return {one.strip() for one in text.split(";") if one.strip()}

    # -- For stock ---------------------------------------------------------------------

    def _get_temperature_domain(self, facts):
        return self._get_attribute_domain(facts)

    def _get_attribute_domain(self, facts):
        def to_sql(lot):
            self.env["qms.lot.attribute"].flush_model()
            return SQL(
                """EXISTS (
                       SELECT 1 FROM qms_lot_attribute v
                       WHERE v.lot_id = %s AND v.attribute_id = %s AND %s)""",
                lot,
                self._get_attribute().id or 0,
                self._get_value_sql(),
            )

        return self._get_lot_domain(facts, to_sql)

    def _get_value_sql(self):
        """Return the SQL of whether the value ``v`` meets this criterion."""
        type_ = self._get_attribute().type
        if not type_:
            return SQL("FALSE")
        column = SQL.identifier("v", COLUMNS[type_])
        # empty numbers and booleans as Odoo reads them
        if type_ in NUMBERS:
            column = SQL("ROUND(COALESCE(%s, 0), %s)", column, DECIMALS)
        elif type_ == "boolean":
            column = SQL("COALESCE(%s, FALSE)", column)
        recorded = SQL("%s IS NOT NULL", column)
        if type_ == "text":
            recorded = SQL("%s != ''", column)
        return SQL("(%s AND %s)", recorded, self._get_condition_sql(column))

    def _get_condition_sql(self, column):
        if self.operator == "exists":
            return SQL("TRUE")
        if self.operator in ("between", ">=", "<=") or self._is_toleranced():
            low, high = self._get_bounds()
            conditions = []
            if low is not None:
                conditions.append(SQL("%s >= %s", column, low))
            if high is not None:
                conditions.append(SQL("%s <= %s", column, high))
            return SQL(" AND ").join(conditions)
        values = tuple(self._get_values())
        is_in = self.operator in ("=", "in")
        if not values:
            return SQL("FALSE") if is_in else SQL("TRUE")
        return SQL("%s IN %s" if is_in else "%s NOT IN %s", column, values)
