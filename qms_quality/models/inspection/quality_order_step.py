from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from ..sentinel import trusted, untrusted
from .event import EXPECTING, MAKING, PREPARING
from .quality_order import INSPECTOR

STEP_FIELDS = ("move_id", "workorder_id", "production_id")


class QmsQualityOrder(models.Model):
    """Quality orders of steps that have moved no goods yet."""

    _inherit = "qms.quality.order"

    # -- Making ------------------------------------------------------------------------

    @api.model
    def _create_for_steps(self, steps):
        """Make the orders that rules ask for, each once.

        :param list steps: of :class:`Step`
        :return: the new orders
        """
        rules = self.env["qms.quality.association"]
        used = rules._get_used_events() if steps else ()
        steps = [step for step in steps if step.event in used]
        if not steps:
            return self.browse()
        wanted = [
            (step, rule)
            for step, matching in zip(steps, rules._match(steps), strict=True)
            for rule in matching
        ]
        missing = self._get_missing_steps(wanted)
        if not missing:
            return self.browse()
        # sudo: who works on a document makes orders by doing so, whatever his rights
        model = trusted(self.sudo()).with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        )
        orders = model.create(
            [rule._prepare_step_values(step) for step, rule in missing]
        )
        return untrusted(orders.with_env(self.env))

    def _get_missing_steps(self, wanted):
        """Return of ``wanted`` the steps and rules that have no order yet.

        An order that nobody started yet follows the document to another lot.
        """
        made, stale = defaultdict(set), defaultdict(list)
        keys = {
            (rule.id, *step.key): step.lots | self._get_step_lots(wanted, rule, step)
            for step, rule in wanted
        }
        for order in self._find_of_steps(wanted):
            key = order._get_step_key()
            made[key].update(order.lot_ids.ids or [False])
            gone = order.lot_ids and not order.lot_ids & keys.get(key, order.lot_ids)
            if gone and order.state == "draft":
                stale[key].append(order)
        missing = []
        for step, rule in wanted:
            key = (rule.id, *step.key)
            if key in made and (not step.lots or set(step.lots.ids) <= made[key]):
                continue
            if stale[key] and step.lots:
                trusted(stale[key].pop()).lot_ids = step.lots
            elif False in made[key] and step.lots:
                continue
            else:
                missing.append((step, rule))
        return missing

    def _get_step_lots(self, wanted, rule, step):
        lots = [s.lots for s, r in wanted if r == rule and s.key == step.key]
        return self.env["stock.lot"].union(*lots)

    def _find_of_steps(self, wanted):
        """Return the orders that the rules made for the same documents, in sudo."""
        rules = self.env["qms.quality.association"].union(*(r for _s, r in wanted))
        ids = defaultdict(set)
        for step, _rule in wanted:
            ids[step.key[0]].add(step.key[1])
        domains = [Domain(name, "in", list(found)) for name, found in ids.items()]
        return self.sudo().search(
            Domain("association_id", "in", rules.ids) & Domain.OR(domains)
        )

    def _get_step_key(self):
        """Return what tells the step of this order from others, as a step's key."""
        self.ensure_one()
        for name in STEP_FIELDS:
            if self[name]:
                return (self.association_id.id, name, self[name].id)
        return (self.association_id.id, "lot_ids", self.lot_ids[:1].id)

    # -- Following the document --------------------------------------------------------

    @api.model
    def _find_prepared(self, domain):
        """Return the orders of ``domain`` that are not done, in sudo."""
        rules = self.env["qms.quality.association"]
        if not rules._get_used_events() & set(PREPARING) and not rules._has_blocking():
            return self.sudo().browse()
        return self.sudo().search(
            Domain("event", "in", PREPARING)
            & Domain("state", "in", ("draft", "open"))
            & domain
        )

    def _end_with_document(self):
        """Cancel orders of a step that will never come.

        One with readings stays: somebody has to decide what they say. So does one that
        holds goods for more than waiting, though its readings were taken back.
        """
        if not self:
            return
        body = self.env._("The document was cancelled")
        self._message_log_batch({order.id: body for order in self})
        read = self.filtered(lambda order: order._has_readings())
        read |= self._get_objecting()
        trusted(self - read)._cancel()
        for order in read:
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=order._get_person().id or self.env.uid,
                summary=body,
                note=self.env._("Readings were taken. Finish the order, or cancel it."),
            )

    def _get_objecting(self):
        """Return the orders that hold goods for more than that they wait."""
        holds = self.env["qms.hold"]._search_open(self._name, self.ids)
        waiting = self._get_waiting_status()
        objecting = holds.filtered(lambda hold: hold.status_id != waiting)
        return self & self.browse(objecting.mapped("res_id"))

    def _has_readings(self):
        """Tell whether anything was read or counted."""
        return any(self.result_ids.mapped("is_recorded"))

    def _get_person(self):
        """Return who is asked about this order: whoever has it, or has read."""
        inspectors = self.env.ref(INSPECTOR).all_user_ids
        people = self.user_id | self.result_ids.recorded_by_id | self.create_uid
        return people.filtered(
            lambda user: (
                user.active
                and user in inspectors
                and self.company_id in user.company_ids
            )
        )[:1]

    def _follow_picking(self):
        """Take over the transfer of the move."""
        for order in self:
            trusted(order).picking_id = order.move_id.picking_id

    def _follow_quantity(self, get_quantity):
        """Take over a changed quantity, in orders that nobody started yet.

        :param get_quantity: returns the quantity of an order's document
        """
        for order in self.filtered(lambda order: order.state == "draft"):
            quantity = get_quantity(order)
            if order.uom_id.compare(order.quantity, quantity):
                trusted(order).quantity = quantity

    def _follow_lots(self):
        """Take over the lots of the manufacturing order, and hold them as the earlier
        ones were. What was produced stays what it is, whatever is typed then."""
        making = self.filtered(
            lambda order: not order.location_id and order.production_id.state != "done"
        )
        for order in trusted(making):
            lots = order.production_id.lot_producing_ids
            if lots != order.lot_ids:
                order.lot_ids = lots
                order._move_holds(lots)
        making._hold_at_once()

    def _move_holds(self, lots):
        """Hold other lots than before. Lots that are in stock stay held, and so do all
        as long as there is no other one."""
        self.ensure_one()
        if not lots:
            return
        holds = self.env["qms.hold"]._search_open(self._name, self.ids).sudo()
        held = {(hold.status_id, hold.lot_id) for hold in holds}
        self.env["qms.hold"]._place(
            [
                {
                    **self._prepare_hold_values(status, holds[0].reason),
                    "product_id": self.product_id.id,
                    "lot_id": lot.id,
                }
                for status in holds.status_id
                for lot in lots
                if (status, lot) not in held
            ]
        )
        left = (holds.lot_id - lots)._qms_get_empty()
        holds.filtered(lambda hold: hold.lot_id in left)._release(
            self.env._("The document has another lot")
        )

    # -- The goods arrive --------------------------------------------------------------

    @api.model
    def _bind_arrived(self, movements):
        """Give orders that were made before the goods came their lots, and hold them.

        What has passed is free; what has failed arrives in the status of the failure.
        A move that brought several lots has an order for each.

        :param list movements: of :class:`Movement`
        """
        by_document = self._group_by_document(movements)
        if not by_document:
            return
        waiting = self.sudo().search(
            Domain("state", "!=", "cancelled")
            & Domain.OR(self._get_expecting_domains(by_document))
        )
        pairs = waiting._share_out(by_document)
        held = waiting._get_held_goods()
        self.env["qms.hold"]._place(
            [
                hold
                for order, goods in pairs
                for hold in order._prepare_arrived_holds(goods)
                if (order.id, hold["product_id"], hold["lot_id"]) not in held
            ]
        )

    @api.model
    def _get_expecting_domains(self, by_document):
        """Return domains of orders that expect what arrived. Extension point.

        :param dict by_document: of :meth:`_group_by_document`
        """
        return [
            Domain(name, "in", [document.id for document in documents])
            & Domain("event", "in", events)
            & Domain("location_id", "=", False)
            for name, model, events in (
                ("move_id", "stock.move", EXPECTING),
                ("production_id", "mrp.production", MAKING),
            )
            if (documents := [one for one in by_document if one._name == model])
        ]

    def _get_arrived(self, by_document):
        """Return the movements of what this order expected. Extension point."""
        return by_document[self.move_id or self.production_id]

    @api.model
    def _group_by_document(self, movements):
        """Return the movements of goods that orders may wait for, by move or by
        manufacturing order."""
        groups = defaultdict(list)
        expects_output = self._expects_output()
        for movement in movements:
            move = movement.line.move_id
            production = move.production_id
            if movement.arrival in ("receipt", "customer_return"):
                groups[move].append(movement)
            elif movement.arrival == "output" and expects_output:
                # a by-product is not what the order is about
                if movement.product == production.product_id:
                    groups[production].append(movement)
        return groups

    @api.model
    def _expects_output(self):
        """Tell whether orders may wait for what is made. Extension point."""
        used = self.env["qms.quality.association"]._get_used_events()
        return bool(used & set(MAKING))

    def _get_held_goods(self):
        """Return what these orders hold wherever it is: order, product and lot."""
        holds = self.env["qms.hold"]._search_open(self._name, self.ids)
        return {
            (hold.res_id, hold.product_id.id, hold.lot_id.id)
            for hold in holds
            if hold.lot_id and not hold.location_id
        }

    def _share_out(self, by_document):
        """Return pairs of an order and the movements that it is about.

        Each lot has an order: this one, or another one like it.
        """
        pairs, others = [], []
        for order in self:
            arrived = order._get_arrived(by_document)
            if not arrived:
                continue
            if order.state == "validated":
                # the verdict was about all of them, and stays as it was signed
                pairs.append((order, arrived))
                continue
            first, *rest = self._group_by_lot(arrived)
            trusted(order).write(order._prepare_arrived_values(first))
            pairs.append((order, order._get_judged(first, arrived)))
            others += [(order, goods) for goods in rest]
        made = trusted(self).create(
            [
                order._prepare_share_values() | order._prepare_arrived_values(goods)
                for order, goods in others
            ]
        )
        shared = zip(untrusted(made), (goods for _order, goods in others), strict=True)
        return [*pairs, *shared]

    @api.model
    def _group_by_lot(self, movements):
        groups = defaultdict(list)
        for movement in movements:
            is_serial = movement.product.tracking == "serial"
            groups[is_serial or movement.lot].append(movement)
        return groups.values()

    def _prepare_share_values(self):
        self.ensure_one()
        names = ("event", "priority", "date_due", *self._get_block_fields())
        links = ("association_id", "product_id", "uom_id", "partner_id", "user_id")
        links += ("move_id", "picking_id", "production_id", "workorder_id")
        links += ("team_id", "company_id")
        return {
            **{name: self[name] for name in names},
            **{name: self[name].id for name in links},
            "test_group_ids": [(6, 0, self.test_group_ids.ids)],
        }

    def _get_judged(self, own, _arrived):
        """Return what of the goods that arrived the readings taken so far are about.
        Extension point."""
        return own

    def _prepare_arrived_values(self, movements):
        lots = self.env["stock.lot"].union(*(m.lot for m in movements))
        return {
            "lot_ids": [(6, 0, lots.ids)],
            "quantity": sum(movement.quantity for movement in movements),
            "location_id": movements[0].location_dest.id,
            "hold_goods": True,
        }

    def _prepare_arrived_holds(self, movements):
        """Return the values of the holds that this order's verdict asks for now."""
        self.ensure_one()
        statuses, reason = self._get_arrived_statuses()
        holds = {}
        for movement in movements:
            narrow = movement.known or not movement.lot
            place = movement.location_dest.id if narrow else False
            for status in statuses:
                holds[movement.lot, place, status] = {
                    **self._prepare_hold_values(status, reason),
                    "product_id": movement.product.id,
                    "lot_id": movement.lot.id,
                    "location_id": place,
                }
        return list(holds.values())

    def _get_arrived_statuses(self):
        """Return in which statuses goods are held that arrive now, and why."""
        statuses = self._get_waiting_status()
        if self.state != "validated":
            return statuses, None
        if self.verdict == "passed":
            return statuses.browse(), None
        return self._get_failed_statuses(), self._get_failure_text()
