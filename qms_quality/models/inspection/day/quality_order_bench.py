from odoo import models
from odoo.tools.misc import format_date

from ...number_text import format_quantity
from ..quality_order import DONE_STATES, INSPECTOR
from .bench_grid import BenchGrid


class QmsQualityOrder(models.Model):
    """What the page at the bench shows of an order."""

    _inherit = "qms.quality.order"

    def get_bench_data(self):
        """Return an order as a grid: its samples as rows, its tests as columns.

        :return: dictionary with ``order``, ``columns``, ``rows`` and ``defects``. What
            isn't there is ``False``; 0 is a number. A cell names its reading as
            ``result_id``, which :meth:`record_readings` takes as ``reading``.
        :rtype: dict
        :raise AccessError: if the user may not read the order
        """
        self.ensure_one()
        self.check_access("read")
        grid = BenchGrid(self)
        return {
            "order": self._prepare_bench_order(),
            "columns": grid.get_columns(),
            "rows": grid.get_rows(),
            "defects": self._prepare_bench_defects(),
        }

    def _prepare_bench_order(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        missing = self.result_ids.filtered(
            lambda one: not one.is_recorded and not one.is_automatic
        )
        can_edit = self._can_read_goods()
        return {
            "id": self.id,
            "name": self.name,
            "product": self.product_id.display_name or "",
            "lots": self.lot_names or "",
            "quantity": self._get_bench_quantity(),
            "state": self.state,
            "state_label": states[self.state],
            "can_edit": can_edit,
            "can_validate": can_edit,
            "due": format_date(self.env, self.date_due) if self.date_due else "",
            "responsible": self.user_id.name or "",
            "sample_text": self.sample_text or "",
            "instructions": self._prepare_bench_instructions(),
            "verdict": self.verdict or self._get_verdict_so_far(),
            "missing": len(missing),
            "required_missing": len(missing.filtered("required")),
        }

    def _get_bench_quantity(self):
        quantity = format_quantity(self.env, self.quantity)
        return f"{quantity} {self.uom_id.name or ''}".strip()

    def _can_read_goods(self):
        """Tell whether the user may enter readings of this order."""
        self.ensure_one()
        is_open = self.state not in DONE_STATES
        return (
            is_open and self.env.user.has_group(INSPECTOR) and self.has_access("write")
        )

    def _prepare_bench_instructions(self):
        return [
            {
                "name": spec.name,
                "html": spec.instructions or "",
                "attachments": [
                    {"id": one.id, "name": one.name, "mimetype": one.mimetype}
                    # sudo: whoever reads the order reads what it is inspected by
                    for one in spec.sudo().attachment_ids
                ],
            }
            for spec in self.spec_ids
            if spec.instructions or spec.sudo().attachment_ids
        ]

    def _prepare_bench_defects(self):
        return [
            {
                "id": defect.id,
                "name": defect.display_name,
                "instruction": defect.instruction or "",
                "found1": defect.found1,
                "found2": defect.found2,
                "needs_second": defect.needs_second,
                "verdict": defect.verdict,
            }
            for defect in self.defect_ids
        ]
