from odoo import api, models

from ...sentinel import trusted, untrusted

# A value never replaces one from a better source.
RANKS = {
    "default": 0,
    "copy": 1,
    "production": 1,
    "hand": 2,
    "test": 3,
    "correction": 3,
}
# What nobody entered.
INFERRED = ("default", "copy", "production")


class QmsLotAttribute(models.Model):
    """Values that the system's own actions write, many at once."""

    _inherit = "qms.lot.attribute"

    @api.model
    def _qms_record(self, values):
        """Give lots values of attributes, where they have none from a better source.

        Sources from best to worst: test, hand, production or copy, default. Of two
        that are equal the later one counts. What the system infers and the attribute
        doesn't take any more is left out: no receipt or production fails because of
        it. The caller has checked the rights.

        :param list values: dicts of ``lot_id`` and ``attribute_id`` (ids), ``value``
            (see ``qms.attribute._qms_check_value``) and ``source``
        :return: the rows that were made or changed
        :raise ValidationError: names attribute, value and what is allowed
        """
        wanted = self._get_best(values)
        if not wanted:
            return self.browse()
        # sudo: who posts goods need not be allowed to write what the system knows
        rows = trusted(self.sudo())
        present = {
            (row.lot_id.id, row.attribute_id.id): row
            for row in rows.search(self._get_recorded_domain(wanted))
        }
        recorded = rows.browse()
        vals_list = []
        for key, one in wanted.items():
            vals = self._prepare_recorded(one)
            if key not in present:
                vals_list.append(vals)
            elif present[key]._is_replaced(vals):
                present[key].write(vals)
                recorded |= present[key]
        recorded |= rows.create(vals_list)
        return untrusted(recorded).with_env(self.env)

    def _get_best(self, values):
        best = {}
        # sudo: values may be recorded of what the user may not read
        attributes = self.env["qms.attribute"].sudo()
        for one in values:
            attribute = attributes.browse(one["attribute_id"])
            if one["source"] in INFERRED and not attribute._qms_takes(one["value"]):
                continue
            key = one["lot_id"], one["attribute_id"]
            if key not in best or RANKS[best[key]["source"]] <= RANKS[one["source"]]:
                best[key] = one
        return best

    def _get_recorded_domain(self, wanted):
        return [
            ("lot_id", "in", list({lot for lot, _attribute in wanted})),
            ("attribute_id", "in", list({attribute for _lot, attribute in wanted})),
        ]

    def _prepare_recorded(self, one):
        # sudo: values may be recorded of what the user may not read
        attribute = self.env["qms.attribute"].sudo().browse(one["attribute_id"])
        return {
            "lot_id": one["lot_id"],
            "attribute_id": attribute.id,
            "source": one["source"],
            **self._qms_prepare_value(attribute, one["value"]),
        }

    def _is_replaced(self, vals):
        """Tell whether ``vals`` says something else, and its source is no worse."""
        if RANKS[vals["source"]] < RANKS[self.source]:
            return False
        return any(
            self._fields[name].convert_to_write(self[name], self) != value
            for name, value in vals.items()
        )
