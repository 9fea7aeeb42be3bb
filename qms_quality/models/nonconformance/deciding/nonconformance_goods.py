from collections import defaultdict

from odoo import api, fields, models

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

    @api.depends("disposition_ids.state", "disposition_ids.quantity")
    def _compute_held_quantity(self):
        held = self._get_held_by_case()
        for case in self:
            rows = case.disposition_ids.filtered(lambda row: row.state in PENDING)
            pending = sum(row.quantity - row.done_quantity for row in rows)
            case.held_quantity = sum(held[case].mapped("quantity"))
            case.undisposed_quantity = max(case.held_quantity - pending, 0)

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
