from math import ceil

from odoo import api, models

from ...sentinel import trusted
from .draw import draw, new_seed
from .quality_order import MAX_READ_UNITS


class QmsQualityOrder(models.Model):
    """Drawing the units to take, so that anybody can draw them again."""

    _inherit = "qms.quality.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        # sudo: the draw and the readings are made by the order, whoever makes it
        sampled = trusted(orders.sudo()).filtered("sampling_plan_id")
        sampled._plan_sample()
        return orders

    def _plan_sample(self):
        """Say what is taken of new orders with a plan, draw it, make its readings."""
        if not self:
            return
        for order in self:
            order.write(order._prepare_sample())
        self._mark_resubmissions()
        self._make_defects()
        for order in self:
            order.write(order._prepare_size())
        self._draw_units()
        self.test_ids._make_results()

    def _prepare_sample(self):
        self.ensure_one()
        plan, unit = self.sampling_plan_id, self.product_id.uom_id
        values = {
            "sample_stage": 1,
            "draw_seed": new_seed(),
            "draw_frame": self._get_frame(),
        }
        if not self.sample_quantity:
            quantity = self.uom_id._compute_quantity(self.quantity, unit)
            values["sample_quantity"] = plan._get_sample_quantity(quantity, unit)
        return values

    def _prepare_size(self):
        self.ensure_one()
        quantity, scope = (
            self._get_stage_quantity(),
            self.sampling_plan_id.reading_scope,
        )
        has_numbers = isinstance(self.draw_frame, list)
        if not has_numbers and quantity > MAX_READ_UNITS:
            scope = "sample"
        return {"sample_quantity": quantity, "reading_scope": scope}

    def _get_frame(self):
        """Return what units are drawn from: serial numbers, or how many units there
        are. Nothing, where no units are counted."""
        self.ensure_one()
        if self.sample_package_id:
            return False
        if self.product_tracking == "serial" and self.lot_ids:
            return sorted(self.lot_ids.ids)
        if self.sampling_plan_id._is_counted(self.product_id.uom_id):
            return ceil(round(self._get_lot_size(), 6))
        return False

    def _get_lot_size(self):
        """Return how much the order is about, in the product's unit of measure."""
        return self.uom_id._compute_quantity(self.quantity, self.product_id.uom_id)

    def _mark_resubmissions(self):
        """Mark lots that were rejected before; of orders by hand, those judged before.

        One query for all: goods without a lot can be marked by hand.
        """
        earlier = self.search(
            [
                ("lot_ids", "in", self.lot_ids.ids),
                ("is_judged", "=", True),
                ("sampling_plan_id", "in", self.sampling_plan_id.ids),
            ]
        )
        for order in self.filtered("lot_ids"):
            order.is_resubmission = any(
                other.lot_ids & order.lot_ids
                and other.sampling_plan_id == order.sampling_plan_id
                and (other.verdict == "failed" or order.event == "manual")
                for other in earlier
            )

    # -- Units -------------------------------------------------------------------------

    def _get_stage_quantity(self):
        """Return how much is taken at the present stage."""
        self.ensure_one()
        stages = [defect._get_sizes() for defect in self.defect_ids]
        if not stages:
            return self.sample_quantity
        first = max(sizes[0] for sizes in stages)
        if self.sample_stage < 2:
            return first
        more = self.defect_ids.filtered("needs_second")
        return max([first, *(sum(defect._get_sizes()) for defect in more)])

    def _draw_units(self):
        """Bring the units of these orders in line with how much is taken.

        A larger sample begins with the smaller one, so units are added or dropped at
        the end only.
        """
        rows, dropped = [], self.env["qms.quality.order.unit"]
        for order in self:
            numbers = order._get_drawn_numbers()
            kept = order.unit_ids.sorted("sequence")
            dropped |= kept[len(numbers) :]
            rows += [
                order._prepare_unit(sequence, number)
                for sequence, number in enumerate(numbers, 1)
                if sequence > len(kept)
            ]
        dropped._drop()
        return dropped.create(rows)

    def _get_drawn_numbers(self):
        """Return the numbers of the units to take, in the order drawn.

        Nothing, where everything is taken, unless its units are read one by one.
        """
        self.ensure_one()
        frame = self.draw_frame
        if not frame:
            return []
        population = len(frame) if isinstance(frame, list) else frame
        size = ceil(round(self.sample_quantity, 6))
        if size < population:
            return draw(self.draw_seed, population, size)
        if self.reading_scope == "unit" and not isinstance(frame, list):
            return list(range(1, population + 1))
        return []

    def _prepare_unit(self, sequence, number):
        frame = self.draw_frame
        first = max((d._get_sizes()[0] for d in self.defect_ids), default=sequence)
        return {
            "order_id": self.id,
            "sequence": sequence,
            "number": number,
            "lot_id": frame[number - 1] if isinstance(frame, list) else False,
            "stage": 1 if sequence <= first else 2,
        }

    def _replan(self):
        """Plan orders that nobody has started anew, by the present severity."""
        orders = trusted(self.sudo())
        orders.defect_ids.unlink()
        orders._make_defects()
        orders._resize()

    def _resize(self):
        """Take as much as the present stage asks for; add readings for new units."""
        for order in self:
            order.sample_quantity = order._get_stage_quantity()
        units = self._draw_units()
        self.env["qms.quality.order.result"].create(
            [
                values
                for order, new in units.grouped("order_id").items()
                for target in order._get_unit_targets(new)
                for test in order.test_ids
                for values in test._prepare_result_values(target)
            ]
        )

    # -- Drawing again -----------------------------------------------------------------

    def action_draw_again(self):
        """Draw the units again with the recorded seed, and tell whether they agree.

        Anybody who may read the order may do so; nothing is changed.
        """
        wrong = self.filtered(lambda order: not order._is_repeatable())
        if wrong:
            message = self.env._(
                "Not what the seed draws: %s.", ", ".join(wrong.mapped("name"))
            )
        else:
            message = self.env._(
                "Drawn again with the recorded seed: the %s units are the same.",
                sum(self.mapped("unit_count")),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": "danger" if wrong else "success"},
        }

    def _is_repeatable(self):
        """Tell whether the seed draws the units that are listed."""
        self.ensure_one()
        drawn = [
            self._prepare_unit(*pair)
            for pair in enumerate(self._get_drawn_numbers(), 1)
        ]
        return [(unit["number"], unit["lot_id"]) for unit in drawn] == [
            (unit.number, unit.lot_id.id) for unit in self.unit_ids.sorted("sequence")
        ]

    # -- Later goods of the same order line --------------------------------------------

    def _join(self, arrivals):
        """Let goods that arrive later share the fate of orders of their order line.

        :param list arrivals: of :class:`Arrival`
        """
        orders = trusted(self.sudo())
        waiting = orders.filtered(lambda order: order.state in ("draft", "open"))
        owner = waiting.filtered("is_remainder")[:1] or waiting[:1]
        statuses = self._get_waiting_status()
        if not owner:
            owner = orders.filtered(lambda order: order.verdict == "failed")[:1]
            statuses = owner._get_failed_statuses()
        if not owner:
            return
        for arrival in arrivals:
            lots = self.env["stock.lot"].union(*(m.lot for m in arrival.movements))
            owner.lot_ids |= lots
            self.env["qms.hold"]._place(
                [
                    {**owner._prepare_hold_values(status), **goods}
                    for status in statuses
                    for goods in owner._get_whole_goods(arrival)
                ]
            )
            owner._audit("join", {"lot_ids": ("", ", ".join(lots.mapped("name")))})
