from odoo import models
from odoo.fields import Domain

from .transaction import Goods

TODO = "mail.mail_activity_data_todo"


class QmsHold(models.Model):
    """Who was told that he lost reserved goods stays told while they are held."""

    _inherit = "qms.hold"

    def _end_activities(self):
        """Close the activities on these released holds.

        Where the goods are held for another reason too, or others that the activity
        lists are still held, it goes on there.
        """
        # sudo: they belong to those who lost the goods
        ended = self.env["mail.activity"].sudo().search(self._get_activity_domain())
        for res_id, activities in ended.grouped("res_id").items():
            heir = self.browse(res_id)._get_heir()
            told = heir.activity_ids.user_id
            going_on = activities.filtered(
                lambda one, heir=heir, told=told: heir and one.user_id not in told
            )
            going_on.res_id = heir.id
            (activities - going_on).unlink()
            (heir | self).invalidate_recordset(["activity_ids"])

    def _get_activity_domain(self):
        kind = self.env.ref(TODO, raise_if_not_found=False)
        return (
            Domain("res_model", "=", self._name)
            & Domain("res_id", "in", self.ids)
            & Domain("activity_type_id", "=", kind.id if kind else False)
        )

    def _get_heir(self):
        """Return an open hold on the same goods, else one that was placed with this."""
        self.ensure_one()
        goods = Goods(self.product_id, self.lot_id, self.location_id, self.package_id)
        (holds,) = self._get_covering([goods])
        holds |= self.sudo().search(self._get_placing_domain())
        return holds.filtered(lambda one: one.blocked_types and not one.root_id)[:1]

    def _get_placing_domain(self):
        """Return the domain of the open holds that one action placed with this."""
        hold = self.sudo()
        return (
            Domain("state", "=", "open")
            & Domain("product_id", "=", hold.product_id.id)
            & Domain("placed_by_id", "=", hold.placed_by_id.id)
            & Domain("date_placed", "=", hold.date_placed)
            & Domain("reason", "=", hold.reason)
            & Domain("res_model", "=", hold.res_model)
            & Domain("res_id", "=", hold.res_id)
        )
