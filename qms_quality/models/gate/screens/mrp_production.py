from odoo import api, models


class MrpProduction(models.Model):
    """Manufacturing orders show the status of what they take and make."""

    _name = "mrp.production"
    _inherit = ["mrp.production", "qms.held.goods.mixin", "qms.ordered.goods.mixin"]

    @api.depends(
        "move_raw_ids.move_line_ids.inspection_status_id",
        "move_finished_ids.move_line_ids.inspection_status_id",
    )
    def _compute_inspection_status_id(self):
        return super()._compute_inspection_status_id()

    def _qms_get_ordered_lines(self):
        return (self.move_raw_ids | self.move_finished_ids).move_line_ids

    def _qms_get_held_goods(self):
        """The components as they were taken or are to be, and what came of them."""
        # sudo: a worker need not be allowed to read every lot
        return {
            production: list(
                dict.fromkeys(
                    goods
                    for line in production.sudo()._qms_get_ordered_lines()
                    if (goods := line._qms_get_shown_goods())
                )
            )
            for production in self
        }
