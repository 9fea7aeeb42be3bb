from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_list

from ...number_text import format_quantity
from .disposition import INSPECTOR, PENDING


class QmsNonconformance(models.Model):
    """The goods that a case holds, and how much of them is still undecided."""

    _inherit = "qms.nonconformance"

    held_quantity = fields.Float(
        compute="_compute_held_quantity",
        compute_sudo=True,
        digits="Product Unit",
        help="What the case holds in stock now.",
    )
    undisposed_quantity = fields.Float(
        string="Undecided",
        compute="_compute_held_quantity",
        compute_sudo=True,
        digits="Product Unit",
        help="What the case holds, and no disposition is about.",
    )
    held_text = fields.Char(
        string="Held", compute="_compute_held_quantity", compute_sudo=True
    )
    undisposed_text = fields.Char(
        string="Undecided by Unit", compute="_compute_held_quantity", compute_sudo=True
    )

    @api.depends_context("lang")
    @api.depends("disposition_ids.state", "disposition_ids.quantity")
    def _compute_held_quantity(self):
        held = self._get_held_by_case()
        for case in self:
            there, left = case._sum_by_unit(held[case])
            case.held_quantity = sum(there.values())
            case.held_text = self._get_quantities_text(there)
            case.undisposed_quantity = sum(left.values())
            case.undisposed_text = self._get_quantities_text(left)

    def _sum_by_unit(self, quants):
        """Return how much of held goods is there, and how much is not decided on.

        Parts that came out of goods may have another unit than these.

        :return: two dicts ``{uom.uom: quantity}``
        """
        there = defaultdict(float)
        for quant in quants:
            there[quant.product_uom_id] += quant.quantity
        pending = defaultdict(float)
        for row in self.disposition_ids.filtered(lambda row: row.state in PENDING):
            pending[row.uom_id] += row.quantity - row.done_quantity
        return there, {
            unit: max(quantity - pending[unit], 0) for unit, quantity in there.items()
        }

    def _get_quantities_text(self, quantities):
        texts = [
            f"{format_quantity(self.env, quantity)} {unit.name}"
            for unit, quantity in quantities.items()
            if not unit.is_zero(quantity)
        ]
        return format_list(self.env, texts)

    def _get_held_by_case(self):
        """Return the stock that each case holds: ``{case: stock.quant}``, in sudo."""
        holds = self._get_open_holds()
        quants = holds._get_quants()._qms_filter_inside()
        # in a form that is being edited, what is saved counts
        held = {case._origin.id: quants.browse() for case in self}
        covering = holds._match_goods(quants._qms_get_goods())
        for quant, found in zip(quants, covering, strict=True):
            for case_id in set(found.mapped("res_id")):
                held[case_id] |= quant
        return {case: held[case._origin.id] for case in self}

    # -- Listing them ------------------------------------------------------------------

    def action_list_goods(self):
        """Propose a row for each place where these cases hold goods.

        What other rows are about is left out; what is done with the goods is for the
        user to choose.

        :return: the new rows
        :raise AccessError: if the user is no inspector
        :raise UserError: if a case is closed
        """
        self.env.user._qms_check_group(INSPECTOR)
        self.check_access("write")
        return self._list_goods()

    def _list_goods(self):
        spoken = defaultdict(float)
        for row in self.disposition_ids.filtered(lambda row: row.state in PENDING):
            key = (row.nonconformance_id.id, *row._get_key())
            spoken[key] += row.quantity - row.done_quantity
        vals_list = []
        for case, quants in self._get_held_by_case().items():
            for quant in quants.sorted(lambda q: (q.location_id.id, q.lot_id.id, q.id)):
                key = (case.id, *quant._qms_get_goods()[0], quant.owner_id)
                taken = min(spoken[key], quant.quantity)
                spoken[key] -= taken
                left = quant.quantity - taken
                if quant.product_uom_id.compare(left, 0) > 0:
                    vals_list.append(case._prepare_disposition(quant, left))
        return self.env["qms.disposition"].create(vals_list)

    def _prepare_disposition(self, quant, quantity):
        self.ensure_one()
        return {
            "nonconformance_id": self.id,
            "product_id": quant.product_id.id,
            "lot_id": quant.lot_id.id,
            "location_id": quant.location_id.id,
            "package_id": quant.package_id.id,
            "owner_id": quant.owner_id.id,
            "quantity": quantity,
        }
