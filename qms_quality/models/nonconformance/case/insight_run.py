from odoo import api, fields, models
from odoo.tools import SQL


class QmsNonconformance(models.Model):
    """Who made the goods, where, and of what; and what was made of them."""

    _inherit = "qms.nonconformance"

    run_production_ids = fields.Many2many(
        "mrp.production",
        string="Made by",
        compute="_compute_run",
        compute_sudo=True,
    )
    run_workorder_ids = fields.Many2many(
        "mrp.workorder",
        string="Operations",
        compute="_compute_run",
        compute_sudo=True,
    )
    run_component_ids = fields.Many2many(
        "stock.move.line",
        string="Components",
        compute="_compute_run",
        compute_sudo=True,
    )
    used_production_ids = fields.Many2many(
        "mrp.production",
        string="Used in",
        compute="_compute_run",
        compute_sudo=True,
    )

    @api.depends("lot_ids", "production_id")
    def _compute_run(self):
        made, used = self._get_runs()
        productions = self.env["mrp.production"]
        for case in self:
            runs = case.production_id | productions.browse(made.get(case._origin.id))
            case.run_production_ids = runs
            case.run_workorder_ids = runs.workorder_ids
            case.run_component_ids = runs.move_raw_ids.move_line_ids
            case.used_production_ids = productions.browse(used.get(case._origin.id))

    def _get_runs(self):
        """Return which manufacturing orders made the lots, and which used them up.

        :return: two dicts ``{case id: ids of manufacturing orders}``
        """
        if not self.ids:
            return {}, {}
        self.flush_recordset(["lot_ids"])
        self.env["stock.move.line"].flush_model(["lot_id", "state", "move_id"])
        moves = self.env["stock.move"]
        moves.flush_model(["production_id", "raw_material_production_id"])
        rows = self.env.execute_query(self._get_run_query())
        made = {case_id: ids for case_id, ids, _used in rows if ids}
        used = {case_id: ids for case_id, _made, ids in rows if ids}
        return made, used

    def _get_run_query(self):
        return SQL(
            """SELECT rel.nonconformance_id,
                      array_agg(DISTINCT move.production_id)
                          FILTER (WHERE move.production_id IS NOT NULL),
                      array_agg(DISTINCT move.raw_material_production_id)
                          FILTER (WHERE move.raw_material_production_id IS NOT NULL)
               FROM qms_nonconformance_lot_rel rel
               JOIN stock_move_line line ON line.lot_id = rel.lot_id
               JOIN stock_move move ON move.id = line.move_id
               WHERE rel.nonconformance_id IN %s AND line.state = 'done'
               GROUP BY rel.nonconformance_id""",
            tuple(self.ids),
        )
