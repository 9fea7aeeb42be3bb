from odoo import api, fields, models

from .event import STEPS


class QmsStepBlockMixin(models.AbstractModel):
    """Which steps of a document wait for an inspection."""

    _name = "qms.step.block.mixin"
    _description = "Steps that Wait"

    block_transfer = fields.Boolean(
        string="The Transfer",
        help="The receipt, delivery or transfer can't be validated before.",
    )
    block_next = fields.Boolean(
        string="The Next Transfer",
        help="The goods can't be moved on inside before. They can be scrapped, returned"
        " to the vendor or brought to a quality zone.",
    )
    block_bill = fields.Boolean(
        string="The Bill or Invoice",
        help="The vendor bill or customer invoice of the goods can't be posted before.",
    )
    block_start = fields.Boolean(
        string="Starting the Manufacturing Order",
        help="The manufacturing order can't be started or worked on before.",
    )
    block_workorder = fields.Boolean(
        string="The Next Work Order",
        help="The work orders that follow can't be started before.",
    )
    block_close = fields.Boolean(
        string="Closing the Manufacturing Order",
        help="The manufacturing order can't be closed before; after an output, what is"
        " left of it.",
    )
    blocks = fields.Char(string="Waiting Steps", compute="_compute_blocks")

    @api.depends_context("lang")
    @api.depends(lambda self: self._get_block_fields())
    def _compute_blocks(self):
        for record in self:
            record.blocks = record._get_step_names(record._get_steps())

    @api.model
    def _get_block_fields(self):
        """Return the names of the fields that say which steps wait."""
        return [f"block_{step}" for step in STEPS]

    def _get_steps(self):
        """Return the steps that wait for this record."""
        self.ensure_one()
        return [step for step in STEPS if self[f"block_{step}"]]

    @api.model
    def _get_step_names(self, steps):
        labels = [
            self._fields[f"block_{step}"]._description_string(self.env)
            for step in steps
        ]
        return ", ".join(labels)
