from collections import defaultdict

from odoo import api, models

from ...sentinel import trusted
from .inheritance import Part, inherit

# What a mixture replaces, by the source that it has itself.
REPLACED = {
    "production": ("default", "production"),
    "copy": ("default", "production", "copy", "hand"),
}


class QmsLotAttribute(models.Model):
    """Lots that are made of others get their values."""

    _inherit = "qms.lot.attribute"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        # whether any lot has something to inherit is remembered with the rules
        self.env["qms.arrival.rule"]._forget_used()
        return rows

    @api.model
    def _qms_mix(self, contents, source, rules=None):
        """Give lots the values of what they are made of; what differs is not known.

        :param dict contents: ``{lot: {part: quantity}}``, both ``stock.lot``, with
            quantities in the product's unit
        :param str source: ``production`` or ``copy``
        :param dict rules: instead of an attribute's own inheritance, ``{from: to}``
        :return: the rows that were made or changed
        """
        mixed = self._get_mixed(contents, rules or {})
        self._forget_replaced(mixed, source)
        return self._qms_record(
            [
                {
                    "lot_id": lot.id,
                    "attribute_id": attribute.id,
                    "value": value,
                    "source": source,
                }
                for (lot, attribute), value in mixed.items()
                if value is not None
            ]
        )

    def _get_mixed(self, contents, rules):
        """Return what each lot gets of each attribute, ``None`` where that is blank."""
        parts = (part for made_of in contents.values() for part in made_of)
        values = self._get_values(self.env["stock.lot"].union(*parts))
        mixed = {}
        for attribute, recorded in values.items():
            rule = rules.get(attribute.inheritance, attribute.inheritance)
            for lot, made_of in contents.items():
                if rule == "none" or not any(part in recorded for part in made_of):
                    continue
                parts = [
                    Part(part.product_id, quantity, recorded.get(part))
                    for part, quantity in made_of.items()
                ]
                value = inherit(rule, parts)
                is_taken = value is not None and attribute._qms_takes(value)
                mixed[lot, attribute] = value if is_taken else None
        return mixed

    def _get_values(self, lots):
        """Return ``{attribute: {lot: value}}`` of what is recorded."""
        values = defaultdict(dict)
        # sudo: what a lot inherits doesn't depend on who posts
        for row in self.sudo().search([("lot_id", "in", lots.ids)]):
            if row.attribute_id.active:
                values[row.attribute_id][row.lot_id] = row._qms_get_typed()
        return values

    def _forget_replaced(self, mixed, source):
        """Take away what no longer holds of lots, because others went into them."""
        # sudo and trusted: nobody decides here, the goods have changed
        rows = trusted(self.sudo()).search(
            [
                ("lot_id", "in", [lot.id for lot, _attribute in mixed]),
                ("source", "in", REPLACED[source]),
            ]
        )
        rows.filtered(lambda row: row._is_forgotten(mixed, source)).unlink()

    def _is_forgotten(self, mixed, source):
        key = self.lot_id, self.attribute_id
        if key not in mixed:
            return False
        is_other = source == "copy" and mixed[key] != self._qms_get_typed()
        return mixed[key] is None or is_other
