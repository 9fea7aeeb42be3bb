from odoo import models


class QmsDeviation(models.Model):
    """The documents of deviations."""

    _inherit = "qms.deviation"

    def _get_list_action(self, domain):
        """Return the action that lists deviations."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "qms_quality.qms_deviation_action"
        )
        return {**action, "domain": domain, "context": {"create": False}}

    def action_open_document(self):
        """Open the transfer or manufacturing order that it was found on."""
        self.ensure_one()
        return (self.picking_id or self.production_id)._get_records_action()

    def action_open_requirement(self):
        """Open what was required."""
        self.ensure_one()
        return self.document_line_id._get_records_action(target="new")

    def action_open_nonconformance(self):
        """Open the nonconformance that it became."""
        self.ensure_one()
        return self.nonconformance_id._get_records_action()
