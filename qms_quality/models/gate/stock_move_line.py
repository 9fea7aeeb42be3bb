from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..sentinel import trusted
from .transaction import INSIDE, Goods, Movement, goods_of

# What decides which goods a posted line has moved.
EFFECT = {
    "move_id",
    "picking_id",
    "product_id",
    "product_uom_id",
    "lot_id",
    "quantity",
    "location_id",
    "location_dest_id",
    "package_id",
    "result_package_id",
    "quant_id",
}
# What a person enters to choose goods.
CHOICE = {"lot_id", "package_id", "quant_id", "location_id"}


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    # -- Doors -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        posted = lines.filtered(lambda line: line.move_id.state == "done")
        posted._qms_pass_gate(posted._qms_get_movements())
        chosen = [bool(CHOICE & set(vals)) for vals in vals_list]
        if not self.env.context.get("qms_picked_by_system") and any(chosen):
            (lines - posted)._qms_check_choice()
        return lines

    def write(self, vals):
        """Judge a change of posted lines by the goods that it really moves."""
        if not EFFECT & set(vals):
            return super().write(vals)
        before = self._qms_get_effects()
        res = super().write(vals)
        if before or self.move_id.filtered(lambda move: move.state == "done"):
            self._qms_pass_gate(self._qms_get_corrections(before))
        if CHOICE & set(vals) and not self.env.context.get("qms_picked_by_system"):
            self._qms_check_choice()
        return res

    def _qms_get_effects(self):
        """Return what the posted lines of ``self`` have moved, as they stand."""
        posted = self.filtered(lambda line: line.move_id.state == "done")
        return {movement.line: movement for movement in posted._qms_get_movements()}

    def _qms_get_corrections(self, before):
        """Return the movements that turn the effects ``before`` into today's."""
        after = self._qms_get_effects()
        corrections = []
        for line in self:
            old, new = before.get(line), after.get(line)
            corrections += line._qms_correct(old, new)
        return corrections

    def _qms_correct(self, old, new):
        """Return the movements that turn one effect into another.

        Less goes back where it came from, more goes on. Goods of the same lot that
        arrived inside go straight to their new place: taken as a return and a new
        receipt, they would get out of quarantine and of their narrow holds. Any other
        change undoes the whole line and does it anew.
        """
        if not old or not new:
            return [self._qms_undo(old)] if old else [new] if new else []
        if (old.product, old.lot) != (new.product, new.lot):
            return [self._qms_rename(old), new]
        if old.location_dest.usage not in INSIDE and self._qms_is_moved(old, new):
            return [self._qms_undo(old), new]
        return self._qms_redirect(old, new)

    def _qms_is_moved(self, old, new):
        return old._replace(quantity=0) != new._replace(quantity=0)

    def _qms_redirect(self, old, new):
        compare = self.product_id.uom_id.compare
        corrections = []
        if (old.location_dest, old.package_dest) != (
            new.location_dest,
            new.package_dest,
        ):
            corrections.append(self._qms_carry(old, new))
        if (old.location, old.package) != (new.location, new.package):
            arrival = not old.arrival and new.arrival
            corrections.append(new._replace(arrival=arrival))
        elif compare(new.quantity, old.quantity) > 0:
            corrections.append(new._replace(quantity=new.quantity - old.quantity))
        if compare(old.quantity, new.quantity) > 0:
            less = old._replace(quantity=old.quantity - new.quantity)
            corrections.append(self._qms_undo(less))
        return corrections

    def _qms_carry(self, old, new):
        """Return the movement from where goods went to where they are said to be."""
        types = old.location_dest._qms_transaction_types(
            new.location_dest,
            scrap=bool(self.move_id.scrap_id),
            inventory=self.move_id.is_inventory,
        )
        return new._replace(
            location=old.location_dest,
            package=old.package_dest,
            quantity=min(old.quantity, new.quantity),
            types=types,
            arrival=False,
        )

    def _qms_rename(self, old):
        """Undo ``old`` because its goods get another lot's number.

        Goods that came in and stay inside are counted away under their number.
        """
        undo = self._qms_undo(old)
        if old.location.usage in INSIDE or old.location_dest.usage not in INSIDE:
            return undo
        return undo._replace(types=tuple({*undo.types, "adjustment"}))

    def _qms_undo(self, movement):
        types = movement.location_dest._qms_transaction_types(
            movement.location, inventory=True
        )
        return movement._replace(
            location=movement.location_dest,
            package=movement.package_dest,
            location_dest=movement.location,
            package_dest=movement.package,
            types=types,
            arrival=False,
        )

    # -- What moves --------------------------------------------------------------------

    def _qms_get_movements(self):
        """Return the movements of goods that posting these lines makes.

        :return: list of :class:`Movement`; lines without a quantity make none, nor do
            goods that are not stored, unless they have a lot
        """
        return [
            line._qms_prepare_movement()
            for line in self
            if (line.product_id.is_storable or line.lot_id)
            and line.quantity_product_uom > 0
        ]

    def _qms_prepare_movement(self):
        self.ensure_one()
        return Movement(
            line=self,
            product=self.product_id,
            lot=self.lot_id,
            location=self.location_id,
            package=self.package_id,
            location_dest=self.location_dest_id,
            package_dest=self.result_package_id,
            quantity=self.quantity_product_uom,
            types=self._qms_get_types(),
            arrival=self._qms_get_arrival(),
            known=True,
        )

    def _qms_get_types(self):
        """Return the transaction types that posting this line asks for."""
        return self.location_id._qms_transaction_types(
            self.location_dest_id,
            scrap=bool(self.move_id.scrap_id),
            inventory=self.move_id.is_inventory,
        )

    def _qms_get_arrival(self):
        """Return how the goods of this line come into stock, False if they don't."""
        if self.location_dest_id.usage not in INSIDE:
            return False
        usage = self.location_id.usage
        if usage == "production" and self.move_id.unbuild_id:
            return "unbuild"
        return {
            "supplier": "receipt",
            "customer": "customer_return",
            "production": "output",
            "inventory": "count",
        }.get(usage, "receipt" if "receipt" in self._qms_get_types() else False)

    def _qms_partner(self):
        """Return whom the goods of this line come from or go to."""
        self.ensure_one()
        return self.move_id._qms_get_partner() or self.picking_id.partner_id

    # -- The gate ----------------------------------------------------------------------

    def _qms_pass_gate(self, movements):
        """Refuse movements of held goods, all at once; let the others through.

        :param list movements: of :class:`Movement`, already made in this transaction
        :raise UserError: lists every refused lot; everything is rolled back
        """
        if not movements:
            return
        self._qms_lock(movements)
        origins = self._qms_get_origins(movements)
        covering = self._qms_get_covering(movements, origins)
        refused, warned = self._qms_judge(movements, origins)
        if refused:
            raise UserError(self._qms_get_refusal(refused))
        self._qms_log_warnings(warned)
        self._qms_travel(movements, covering)
        movements = self._qms_mark_known(movements)
        self._qms_after_posting(movements)
        self._qms_end_provisional(movements)

    @api.model
    def _qms_lock(self, movements):
        no_lot = self.env["product.product"]
        lots = self.env["stock.lot"]
        products = lotless = no_lot
        lots = lots.union(*(m.lot for m in movements))
        products = products.union(*(m.product for m in movements))
        lotless = lotless.union(*(m.product for m in movements if not m.lot))
        lots._qms_lock_for_posting(products, lotless)

    def _qms_get_origins(self, movements):
        """Return where goods came from that were not where they were taken.

        A place that gave more than it had gave goods from somewhere else: of the same
        lot (or without a number) in the same warehouse, or any of the product where
        the movement names no lot. Held goods must not leave from next door.

        :param list movements: of :class:`Movement`, already made
        :return: ``{movement: [Goods]}`` of the movements that left less than nothing
        """
        short = self._qms_get_short(movements)
        if not short:
            return {}
        quants = self._qms_get_near_quants(short)
        return {
            movement: quants.filtered(
                lambda quant, m=movement: m.line._qms_may_come_from(m, quant)
            )._qms_get_goods()
            for movement in short
        }

    def _qms_get_short(self, movements):
        inside = [m for m in movements if m.location.usage in INSIDE]
        negative = self._qms_search_quants(
            Domain("quantity", "<", 0)
            & Domain("product_id", "in", [m.product.id for m in inside])
            & Domain("location_id", "in", [m.location.id for m in inside])
        )
        goods = set(negative._qms_get_goods())
        return [m for m in inside if goods_of(m) in goods]

    def _qms_get_near_quants(self, movements):
        return self._qms_search_quants(
            Domain("quantity", ">", 0)
            & Domain("product_id", "in", [m.product.id for m in movements])
            & Domain("location_id.usage", "in", INSIDE)
        )

    def _qms_search_quants(self, domain):
        # sudo: a place that the user may not see can hold the goods all the same
        return self.env["stock.quant"].sudo().search(domain)

    def _qms_may_come_from(self, movement, quant):
        place, near = movement.location, quant.location_id
        return (
            quant.product_id == movement.product
            and (not movement.lot or quant.lot_id in (movement.lot, quant.lot_id[:0]))
            and place.warehouse_id == near.warehouse_id
            and place.company_id == near.company_id
        )

    def _qms_get_covering(self, movements, origins):
        """Return for each movement the holds that cover what it took."""
        covering = []
        for movement in movements:
            covering.append([goods_of(movement), *origins.get(movement, ())])
        flat = [one for goods in covering for one in goods]
        found = iter(self.env["qms.hold"]._get_covering(flat))
        no_hold = self.env["qms.hold"].sudo()
        return [no_hold.union(*(next(found) for _one in goods)) for goods in covering]

    def _qms_judge(self, movements, origins):
        """Ask the gate about posted movements, and spend the permits they have.

        :return: two lists of ``(movement, [GateReason])``, refused and warned of
        """
        refused, warned = [], []
        for movement, reasons in self._qms_ask(movements, origins):
            blocking = [
                reason
                for reason in reasons
                if reason.policy == "block"
                and not self._qms_spend_permit(movement, reason)
            ]
            if blocking:
                refused.append((movement, blocking))
            elif warnings := [r for r in reasons if r.policy == "warn"]:
                warned.append((movement, warnings))
        return refused, warned

    def _qms_ask(self, movements, origins=None):
        """Yield each movement with the gate's reasons against it.

        One call per kind of transaction and partner. A lot that just arrives is not
        refused by the hold that waits for its arrival.
        """
        origins = origins or {}
        for (types, partner), group in self._qms_group(movements).items():
            moves = self.env["stock.move"].union(*(m.line.move_id for m in group))
            taken = [(m, goods_of(m)) for m in group]
            taken += [(m, goods) for m in group for goods in origins.get(m, ())]
            answers = self.env["qms.hold"]._qms_gate_reasons(
                [goods for _m, goods in taken], types, move=moves, partner=partner
            )
            said = defaultdict(set)
            for (movement, goods), reasons in zip(taken, answers, strict=True):
                if movement.location.usage not in INSIDE:
                    reasons = [r for r in reasons if not r.hold.provisional]
                reasons = [r for r in reasons if r not in said[movement]]
                said[movement].update(reasons)
                if reasons:
                    lot, place, package = goods[1:]
                    yield (
                        movement._replace(lot=lot, location=place, package=package),
                        reasons,
                    )

    def _qms_group(self, movements):
        groups = defaultdict(list)
        for movement in movements:
            if movement.types:
                groups[movement.types, movement.line._qms_partner()].append(movement)
        return groups

    def _qms_spend_permit(self, movement, reason):
        """Use a decided exception. It passes the one hold that it was made for."""
        # sudo: the ledger of permits is nobody's to read or write
        permits = trusted(self.env["qms.hold.permit"].sudo()).search(
            self._qms_get_permit_domain(movement.line.move_id, reason.hold)
        )
        blocking = tuple(
            name
            for name in movement.types
            if reason.status._get_policy(name) == "block"
        )
        return bool(permits) and permits._spend(blocking, movement.quantity)

    def _qms_get_permit_domain(self, moves, holds):
        return [
            ("move_id", "in", moves.ids),
            ("hold_id", "in", (holds | holds.root_id).ids),
        ]

    def _qms_get_refusal(self, refused):
        """Return the whole message: what is refused, why, and what to do."""
        rows = []
        for movement, reasons in refused:
            goods = [
                movement.product.display_name,
                movement.lot.name,
                movement.package.name,
                movement.location.display_name,
            ]
            rows.append(" · ".join(part for part in goods if part))
            rows += [f"    {self._qms_get_reason_text(reason)}" for reason in reasons]
        return self.env._(
            "These goods are held and can't be used for this (%(types)s):\n%(rows)s\n"
            "Take other goods, or ask for the release.",
            types=self._qms_get_type_names(refused),
            rows="\n".join(rows),
        )

    def _qms_get_reason_text(self, reason):
        return reason.text or reason.hold._get_reason_text()

    def _qms_get_type_names(self, refused):
        labels = {
            name: self.env["qms.inspection.status"]
            ._fields[f"policy_{name}"]
            ._description_string(self.env)
            .lower()
            for movement, _reasons in refused
            for name in movement.types
        }
        return ", ".join(sorted(labels.values()))

    # -- A held lot is refused where it is entered -------------------------------------

    def _qms_check_choice(self):
        """Refuse held goods at once when somebody enters them on an open line."""
        lines = self.filtered(
            lambda line: (
                line.state not in ("done", "cancel")
                and line.move_id
                and line.location_id.usage in INSIDE
                and (line.lot_id or line.package_id)
            )
        )
        refused = [
            (movement, blocking)
            for movement, reasons in self._qms_ask(lines._qms_get_movements())
            if (blocking := self._qms_get_unpermitted(movement, reasons))
        ]
        if refused:
            raise UserError(self._qms_get_refusal(refused))

    def _qms_get_unpermitted(self, movement, reasons):
        """Return the reasons that refuse, without those that a permit will pass."""
        permits = self.env["qms.hold.permit"].sudo()
        move = movement.line.move_id
        return [
            reason
            for reason in reasons
            if reason.policy == "block"
            and not permits.search(self._qms_get_permit_domain(move, reason.hold))
        ]

    # -- Warnings ----------------------------------------------------------------------

    def _qms_log_warnings(self, warned):
        """Write who moved goods that the gate warns of, and whether he was asked."""
        asked = self.env.context.get("qms_warning_asked") is not None
        for movement, reasons in warned:
            self.env["qms.audit.entry"]._log(
                movement.line.move_id,
                "warned",
                reason=self.env._(
                    "%(how)s: %(reasons)s",
                    how=self.env._("Confirmed")
                    if asked
                    else self.env._("Not confirmed by anyone"),
                    reasons="; ".join(self._qms_get_reason_text(r) for r in reasons),
                ),
            )

    # -- Narrow holds travel with their goods ------------------------------------------

    def _qms_travel(self, movements, covering):
        """Extend the narrow holds of the goods that moved to where they are now."""
        vals_list, left = [], self.env["qms.hold"].sudo()
        for movement, holds in zip(movements, covering, strict=True):
            narrow = holds.filtered(lambda hold: hold.scope != "lot")
            if not narrow:
                continue
            left |= narrow
            if movement.location_dest.usage in INSIDE:
                vals_list += movement.line._qms_prepare_extensions(movement, narrow)
        if left:
            self.env["qms.hold"]._place(self._qms_get_new_extensions(vals_list))
            left._close_empty()

    def _qms_prepare_extensions(self, movement, holds):
        goods = Goods(
            movement.product,
            movement.lot,
            movement.location_dest,
            movement.package_dest,
        )
        return [
            hold._prepare_extension(goods) for hold in holds if not hold._covers(goods)
        ]

    def _qms_get_new_extensions(self, vals_list):
        """Leave out what is extended there already, in the ledger or in the list."""
        Hold = self.env["qms.hold"].sudo()
        keys = ("root_id", "product_id", "lot_id", "location_id", "package_id")
        roots = list({vals["root_id"] for vals in vals_list})
        seen = {
            tuple(hold[key].id for key in keys)
            for hold in Hold.search([("root_id", "in", roots), ("state", "=", "open")])
        }
        new = []
        for vals in vals_list:
            key = tuple(vals[name] or False for name in keys)
            if key not in seen:
                seen.add(key)
                new.append(vals)
        return new

    # -- Arrivals ----------------------------------------------------------------------

    def _qms_mark_known(self, movements):
        """Tell new lots, which wait for their first goods, from known ones."""
        lots = self.env["stock.lot"].union(*(m.lot for m in movements if m.arrival))
        if not lots:
            return movements
        new = self._qms_get_provisional(lots).lot_id
        return [m._replace(known=m.lot not in new) for m in movements]

    def _qms_get_provisional(self, lots):
        """Return the holds of new lots that wait for their first goods."""
        holds = self.env["qms.hold"].sudo()
        if not any(product._qms_is_held() for product in lots.product_id):
            return holds
        return holds.search(
            [
                ("lot_id", "in", lots.ids),
                ("state", "=", "open"),
                ("provisional", "=", True),
            ]
        )

    @api.model
    def _qms_after_posting(self, movements):
        """Give arriving goods their first status. Extension point.

        Called once per posting, after the gate let the movements pass and narrow holds
        have travelled. A lot that goes from supplier to customer arrives nowhere.

        :param list movements: of :class:`Movement`
        """
        arrivals = [movement for movement in movements if movement.arrival]
        if not arrivals:
            return
        products = self.env["product.product"].union(*(m.product for m in arrivals))
        rules = self.env["qms.status.rule"]._get_rules(products)
        if rules:
            self.env["qms.hold"]._place(self._qms_prepare_first_holds(arrivals, rules))

    def _qms_prepare_first_holds(self, arrivals, rules):
        holds = {}
        for movement in arrivals:
            rule = rules._select(
                movement.product,
                movement.arrival,
                movement.line._qms_partner(),
                movement.line.company_id,
            )
            if rule and rule.status_id._restricts():
                vals = rule._prepare_hold(movement)
                holds[vals["product_id"], vals["lot_id"], vals["location_id"]] = vals
        return list(holds.values())

    def _qms_end_provisional(self, movements):
        """Replace the hold that waited for a new lot's goods by what rules said."""
        outside = [m for m in movements if m.location.usage not in INSIDE]
        lots = self.env["stock.lot"].union(*(m.lot for m in outside))
        if lots:
            waiting = self._qms_get_provisional(lots)
            waiting._release(self.env._("The goods have arrived"))
