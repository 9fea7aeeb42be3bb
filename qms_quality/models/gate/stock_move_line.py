from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..sentinel import trusted
from .transaction import INSIDE, Movement, goods_of

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
        if usage == "production" and self.location_dest_id._qms_is_subcontractor():
            # what a subcontractor made comes in with its receipt
            return False
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
        owing = self._qms_lock(movements)
        origins = self._qms_get_origins(movements) if owing else {}
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
        """Lock the goods; tell whether a place inside gave more than it had."""
        lots = self.env["stock.lot"].union(*(m.lot for m in movements))
        no_product = self.env["product.product"]
        products = no_product.union(*(m.product for m in movements))
        lotless = no_product.union(*(m.product for m in movements if not m.lot))
        inside = (m.location for m in movements if m.location.usage in INSIDE)
        places = self.env["stock.location"].union(*inside)
        return lots._qms_lock_for_posting(products, lotless, places)

    def _qms_get_covering(self, movements, origins):
        """Return for each movement the narrow holds that cover what it took."""
        covering = []
        for movement in movements:
            goods = [goods_of(movement), *origins.get(movement, ())]
            covering.append(goods if movement.product.qms_has_narrow_holds else [])
        flat = [one for goods in covering for one in goods]
        found = iter(self.env["qms.hold"]._get_covering(flat))
        no_hold = self.env["qms.hold"].sudo()
        return [
            no_hold.union(*(next(found) for _one in goods)).filtered(
                lambda hold: hold.scope != "lot"
            )
            for goods in covering
        ]

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
            taken = [(m, goods_of(m)) for m in group]
            taken += [(m, goods) for m in group for goods in origins.get(m, ())]
            answers = self.env["qms.hold"]._qms_gate_reasons(
                [goods for _m, goods in taken],
                types,
                move=[m.line.move_id for m, _goods in taken],
                partner=partner,
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
        if not reason.hold:
            return False
        # sudo: the ledger of permits is nobody's to read or write
        permits = trusted(self.env["qms.hold.permit"].sudo()).search(
            self._qms_get_permit_domain(movement, reason.hold)
        )
        blocking = tuple(
            name
            for name in movement.types
            if reason.status._get_policy(name) == "block"
        )
        return bool(permits) and permits._spend(blocking, movement.quantity)

    def _qms_get_permit_domain(self, movement, holds):
        """Return the domain of the permits that may let ``movement`` pass ``holds``.

        One that was decided for a partner is for his company's goods only.
        """
        # sudo: whoever posts need not be allowed to read the partner
        partner = movement.line._qms_partner().sudo().commercial_partner_id
        return (
            movement.line._qms_get_permitted_domain()
            & Domain("hold_id", "in", (holds | holds.root_id).ids)
            & (
                Domain("partner_id", "=", False)
                | Domain("partner_id.commercial_partner_id", "in", partner.ids)
            )
        )

    def _qms_get_permitted_domain(self):
        """Return the domain of the permits that were made for this line's move."""
        return Domain("move_id", "=", self.move_id.id)

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
        return [
            reason
            for reason in reasons
            if reason.policy == "block"
            and not (
                reason.hold
                and permits.search(self._qms_get_permit_domain(movement, reason.hold))
            )
        ]
