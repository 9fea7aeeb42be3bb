from odoo import fields, models

# Who opens the cases of a document. Others report, and are told the number.
READERS = "qms_quality.group_quality_inspector,qms_quality.group_compliance_officer"


class QmsNonconformanceSourceMixin(models.AbstractModel):
    """Something that a nonconformance can be reported about, and the cases about it."""

    _name = "qms.nonconformance.source.mixin"
    _description = "Source of Nonconformances"

    qms_nonconformance_count = fields.Integer(
        string="Nonconformances", compute="_compute_qms_nonconformance_count"
    )

    # -- For the model to say ----------------------------------------------------------

    def _qms_get_case_field(self):
        """Return the field of a case that names such a record."""
        raise NotImplementedError

    def _qms_get_reported_goods(self):
        """Return ``{Goods: quantity}`` of what there is to report about these."""
        raise NotImplementedError

    def _qms_prepare_report(self):
        """Return the values of the report that these records know."""
        return {"company_id": self.company_id[:1].id or self.env.company.id}

    # -- Buttons -----------------------------------------------------------------------

    def _compute_qms_nonconformance_count(self):
        name = self._qms_get_case_field()
        # sudo: only a number; who may not read cases isn't shown it
        counts = dict(
            self.env["qms.nonconformance"]
            .sudo()
            ._read_group([(name, "in", self.ids)], [name], ["__count"])
        )
        for record in self:
            origin = record._origin.sudo()
            record.qms_nonconformance_count = counts.get(origin, 0)

    def action_qms_report_nonconformance(self):
        """Open the dialog that reports a nonconformance about these.

        :raise AccessError: if the user may not report, or may not read these
        """
        self.env["qms.nonconformance.report"]._check_asker()
        self.check_access("read")
        lines = [
            {
                "product_id": goods.product.id,
                "lot_id": goods.lot.id,
                "location_id": goods.location.id,
                "package_id": goods.package.id,
                "quantity": quantity,
            }
            for goods, quantity in self._qms_get_reported_goods().items()
        ]
        values = self._qms_prepare_report()
        return self.env["qms.nonconformance.report"]._open(lines, **values)

    def action_open_nonconformances(self):
        """Open the cases about these."""
        name = self._qms_get_case_field()
        cases = self.env["qms.nonconformance"]
        return cases._get_action([(name, "in", self.ids)], {"create": False})
