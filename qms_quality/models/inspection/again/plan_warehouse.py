from odoo import api, fields, models


class QmsQualityPlanWarehouse(models.Model):
    """Which timetable holds for which product in which warehouse."""

    _name = "qms.quality.plan.warehouse"
    _description = "Timetable of a Quality Plan"
    _inherit = ["qms.audit.mixin"]
    _qms_audit_whole = "plan_id"
    _order = "plan_id, product_id, warehouse_id, id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "qms.quality.plan",
        string="Quality Plan",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, precompute=True
    )
    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: all products of the plan.",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: all warehouses.",
    )
    timetable_id = fields.Many2one(
        "qms.reinspection.plan",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    test_group_ids = fields.Many2many(
        "qms.test.group",
        "qms_quality_plan_warehouse_test_group_rel",
        string="Test Groups",
        ondelete="restrict",
        check_company=True,
        domain=[("state", "=", "active")],
        help="What is tested then. Empty: what the former quality order tested.",
    )

    _key_uniq = models.UniqueIndex(
        "(plan_id, COALESCE(product_id, 0), COALESCE(warehouse_id, 0))",
        "The quality plan has a timetable for this product in this warehouse already.",
    )

    @api.depends("timetable_id", "product_id", "warehouse_id")
    def _compute_display_name(self):
        for line in self:
            parts = (line.timetable_id, line.product_id, line.warehouse_id)
            line.display_name = " · ".join(p.display_name for p in parts if p)

    def _prepare_copy_values(self):
        """Return what the copy of the plan keeps of this line, as JSON."""
        self.ensure_one()
        timetable = self.timetable_id
        return {
            "product_id": self.product_id.id,
            "warehouse_id": self.warehouse_id.id,
            # one language: a copy is shared by people of all languages
            "name": timetable.with_context(lang="en_US").name,
            "intervals": [
                [line.days, line.hours, line.minutes] for line in timetable.line_ids
            ],
            "late_hold": timetable.late_hold,
            "late_days": timetable.late_days,
            "test_group_ids": self.test_group_ids.ids,
        }

    def _get_text(self):
        """Return the line with its intervals, for people."""
        self.ensure_one()
        intervals = self.timetable_id.line_ids.mapped("display_name")
        return f"{self.display_name}: {', '.join(intervals)}"

    # -- A plan in force stays as it is, where a rule says so --------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.plan_id._check_changeable()
        lines.plan_id._qms_content_changed()
        return lines

    def write(self, vals):
        self.check_access("write")
        self.plan_id._check_changeable()
        res = super().write(vals)
        self.plan_id._check_changeable()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_changeable(self):
        self.plan_id._check_changeable()

    def unlink(self):
        plans = self.plan_id
        res = super().unlink()
        plans._qms_content_changed()
        return res

    def _qms_content_changed(self):
        """Void the requests on the plans, if what they ask has changed."""
        self.plan_id._qms_content_changed()
