from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

SLOT_COUNT = 25


class Promoted(NamedTuple):
    """What screens need to know of a promoted attribute."""

    slot: int
    id: int
    name: str
    type: str
    company_id: int

    @property
    def field(self):
        """Return the name of the column that shows it."""
        return f"qms_attribute_{self.slot}"


class QmsAttribute(models.Model):
    """Promoted attributes have a column of their own on lots.

    There are columns for so many of them. An attribute takes a free one, and gives it
    back when it isn't promoted any more.
    """

    _name = "qms.attribute"
    _inherit = ["qms.cached.mixin", "qms.attribute"]

    slot = fields.Integer(readonly=True, copy=False, qms_audit=False)

    _slot_uniq = models.UniqueIndex(
        "(slot) WHERE slot > 0", "Two attributes have the same column."
    )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals, slot=0) for vals in vals_list]
        attributes = super().create(vals_list)
        attributes._assign_slots()
        return attributes

    def write(self, vals):
        vals = {name: value for name, value in vals.items() if name != "slot"}
        res = super().write(vals)
        if {"is_promoted", "active"} & vals.keys():
            self._assign_slots()
        return res

    def _assign_slots(self):
        """Give promoted attributes a column, take those of the others back.

        :raise ValidationError: if no column is left
        """
        shown = self.filtered(lambda one: one.is_promoted and one.active)
        # sudo and past the check: which column it is matters to nobody
        for attribute in (self - shown).filtered("slot"):
            super(QmsAttribute, attribute.sudo()).write({"slot": 0})
        waiting = shown.filtered(lambda one: not one.slot)
        if not waiting:
            return
        others = self.sudo().with_context(active_test=False).search([("slot", ">", 0)])
        free = sorted(set(range(1, SLOT_COUNT + 1)) - set(others.mapped("slot")))
        if len(free) < len(waiting):
            raise ValidationError(
                self.env._(
                    "Only %(count)s attributes can be promoted, so there is no column"
                    " for: %(attributes)s. Demote another one first.",
                    count=SLOT_COUNT,
                    attributes=", ".join(waiting[len(free) :].mapped("name")),
                )
            )
        for attribute, slot in zip(waiting, free, strict=False):
            super(QmsAttribute, attribute.sudo()).write({"slot": slot})

    @api.model
    def _qms_get_promoted(self):
        """Return the promoted attributes of the user's companies, in their order.

        :return: list of :class:`Promoted`
        """
        companies = {False, *self.env.companies.ids}
        return [one for one in self._get_all_promoted() if one.company_id in companies]

    @api.model
    @tools.ormcache("self.env.lang")
    def _get_all_promoted(self):
        # sudo: the cache is everybody's; see above for what is whose
        attributes = self.sudo().search([("slot", ">", 0)])
        return tuple(
            Promoted(one.slot, one.id, one.name, one.type, one.company_id.id)
            for one in attributes
        )
