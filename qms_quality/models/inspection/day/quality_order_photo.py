from odoo import fields, models


class QmsQualityOrder(models.Model):
    """What was photographed at the bench, on the order."""

    _inherit = "qms.quality.order"

    photo_ids = fields.Many2many(
        "ir.attachment",
        string="Photos",
        compute="_compute_photo_ids",
        help="Photos that were kept with the readings, and readings that are pictures.",
    )

    def _compute_photo_ids(self):
        results = self.result_ids
        photos = self.env["ir.attachment"].search_fetch(
            [
                ("res_model", "=", results._name),
                ("res_id", "in", results.ids),
                ("res_field", "in", (False, "picture")),
                ("mimetype", "=like", "image/%"),
            ],
            ["res_id"],
            order="id",
        )
        by_result = photos.grouped("res_id")
        for order in self:
            ids = order._origin.result_ids.ids
            order.photo_ids = photos.browse().union(
                *(by_result[one] for one in ids if one in by_result)
            )
