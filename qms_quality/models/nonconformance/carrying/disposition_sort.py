from odoo import api, fields, models
from odoo.exceptions import UserError

from ...number_text import format_quantity
from ...sentinel import trusted, untrusted
from ..deciding.disposition import INSPECTOR


class QmsDisposition(models.Model):
    """Sort: all pieces are looked at, the good ones are used.

    A quality order says what to look at. What was not good is still held by the case,
    and is decided on again.
    """

    _inherit = "qms.disposition"

    order_ids = fields.One2many(
        "qms.quality.order", "disposition_id", string="Quality Orders", readonly=True
    )
    good_quantity = fields.Float(
        string="Good",
        digits="Product Unit",
        copy=False,
        help="How much of the goods was found good.",
    )

    @api.model
    def _get_answer_fields(self):
        return super()._get_answer_fields() | {"good_quantity"}

    def _get_sort_problems(self):
        """Return what keeps the goods from being sorted."""
        problems = self._get_bringing_problems()
        if not self.test_group_ids:
            problems.append(self.env._("say by which test groups they are sorted."))
        if self.tracking != "lot" and not self.location_dest_id and self.quantity > 1:
            problems.append(
                self.env._("say to which place the good ones go: they have no lot.")
            )
        return problems

    def _execute_sort(self):
        self._make_orders()

    def _make_orders(self):
        """Return quality orders for these goods, which stay held by the case."""
        orders = trusted(self.env["qms.quality.order"].sudo())
        return untrusted(orders.create([row._prepare_order() for row in self]))

    def _prepare_order(self):
        self.ensure_one()
        return {
            "event": "manual",
            "product_id": self.product_id.id,
            "lot_ids": [(6, 0, self.lot_id.ids)],
            "quantity": self.quantity,
            "uom_id": self.product_id.uom_id.id,
            "location_id": self.location_id.id,
            "hold_goods": False,
            "test_group_ids": [(6, 0, self.test_group_ids.ids)],
            "nonconformance_id": self.nonconformance_id.id,
            "disposition_id": self.id,
            "user_id": self.nonconformance_id.user_id.id,
            "company_id": self.company_id.id,
        }

    # -- What was found ----------------------------------------------------------------

    def action_finish_sorting(self):
        """Use what was found good; the rest stays held, to be decided on.

        :raise AccessError: if the user is no inspector
        :raise UserError: if an order is not validated yet, or the quantity can't be
        """
        self._check_finish_sorting()
        self._finish_sorting()

    def _check_finish_sorting(self):
        self._check_group(INSPECTOR)
        self._lock()
        wrong = self.filtered(lambda row: row.kind != "sort")
        (self - wrong)._check_state(["in_progress"], self.env._("Finish Sorting"))
        wrong._check_state([], self.env._("Finish Sorting"))
        texts = [
            f"- {row.display_name}: {text}"
            for row in self
            for text in row._get_sorting_problems()
        ]
        if texts:
            raise UserError(
                self.env._("The sorting isn't complete:\n%s", "\n".join(texts))
            )

    def _get_sorting_problems(self):
        """Return what keeps the sorting from being finished, for people."""
        problems = [
            self.env._("%s is not validated yet.", order.name)
            # sudo: the order was made for this row, whoever may read it
            for order in self.sudo().order_ids
            if order.state in ("draft", "open")
        ]
        unit = self.product_id.uom_id
        if unit.compare(self.good_quantity, 0) < 0 or (
            unit.compare(self.good_quantity, self.quantity) > 0
        ):
            problems.append(
                self.env._(
                    "%(good)s can't be good of %(all)s.",
                    good=format_quantity(self.env, self.good_quantity),
                    all=format_quantity(self.env, self.quantity),
                )
            )
        elif self.good_quantity:
            problems += self._get_good_problems()
        return problems

    def _get_good_problems(self):
        """Return what keeps the good ones from being used."""
        stock, holds = self._get_stock()[self], self._get_case_holds()[self]
        refusing = self._get_refusing()[self]
        parting = self._get_parting_problems()
        return [
            *self._get_stock_problems(stock, 0, holds),
            *refusing,
            *parting.values(),
        ]

    def _get_freed_quantity(self):
        if self.kind == "sort":
            return self.good_quantity
        return super()._get_freed_quantity()

    def _is_freed(self):
        return super()._is_freed() or (
            self.kind == "sort" and self.state == "in_progress"
        )

    def _finish_sorting(self):
        # sudo: who decides on goods need not be allowed to move them
        rows = self.sudo()
        rows._audit("sorted")
        for row in rows:
            if row.product_id.uom_id.is_zero(row.good_quantity):
                row._set_done(0)
            else:
                row._free()
