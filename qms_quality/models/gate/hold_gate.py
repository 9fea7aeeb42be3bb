from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from .transaction import GateReason, as_types


class QmsHold(models.Model):
    """Which goods holds cover, and the gate's answer."""

    _inherit = "qms.hold"

    # -- Goods that are held -----------------------------------------------------------

    def _get_quants(self):
        """Return the stock that these holds cover, in any company."""
        if not self:
            return self.env["stock.quant"]
        return self.env["stock.quant"].sudo().search(self._get_quant_domain())

    def _get_quant_domain(self):
        return Domain("quantity", "!=", 0) & self._get_covered_domain()

    def _get_covered_domain(self):
        """Return the domain of what these holds cover, on quants or on move lines."""
        lot_wide = self.filtered(lambda hold: hold.scope == "lot")
        # those alike at once: many lots are held in one place
        narrow = (self - lot_wide).grouped(lambda hold: hold._get_place_key())
        domains = [holds._get_goods_domain() for holds in narrow.values()]
        if lot_wide:
            domains.append(Domain("lot_id", "in", lot_wide.lot_id.ids))
        return Domain.OR(domains)

    def _get_place_key(self):
        """Return what holds share that cover lots, or a product, in one place."""
        self.ensure_one()
        product = self.product_id.browse() if self.lot_id else self.product_id
        return self.location_id, self.package_id, product

    def _get_goods_domain(self):
        domain = Domain("product_id", "in", self.product_id.ids)
        if self.lot_id:
            domain &= Domain("lot_id", "in", self.lot_id.ids)
        if self.package_id:
            domain &= Domain("package_id", "=", self.package_id.id)
        if self.location_id:
            domain &= Domain("location_id", "child_of", self.location_id.id)
        return domain

    def _covers(self, goods):
        """Tell whether ``self`` covers ``goods``.

        A hold without a lot covers every lot of its product in its place: stock of a
        tracked product without a lot can leave under any lot's name.
        """
        return (
            self.product_id == goods.product
            and (not self.lot_id or self.lot_id == goods.lot)
            and (not self.package_id or self.package_id == goods.package)
            and (not self.location_id or self.location_id._qms_covers(goods.location))
        )

    @api.model
    def _get_covering(self, goods):
        """Return for each of ``goods`` the open holds that cover it. One query.

        :param list goods: of :class:`Goods`
        :return: list of recordsets, in sudo
        """
        found = self.sudo().browse()
        held = [one for one in goods if one.product._qms_is_held()]
        if held:
            found = found.search_fetch(
                self._get_covering_domain(held),
                self._get_covering_fields(),
            )
        return found._match_goods(goods)

    @api.model
    def _get_covering_fields(self):
        """Return what the gate asks of a hold, read with it."""
        return [
            "product_id",
            "lot_id",
            "location_id",
            "package_id",
            "status_id",
            "is_limited",
        ]

    def _match_goods(self, goods):
        """Return for each of ``goods`` those of ``self`` that cover it."""
        by_key = self.grouped(lambda hold: (hold.product_id, hold.lot_id))
        nothing, no_lot = self.browse(), self.env["stock.lot"]
        return [
            nothing.union(
                by_key.get((one.product, one.lot), nothing),
                by_key.get((one.product, no_lot), nothing),
            ).filtered(lambda hold, one=one: hold._covers(one))
            for one in goods
        ]

    def _get_covering_domain(self, goods):
        products = {one.product.id for one in goods}
        lots = {one.lot.id for one in goods if one.lot}
        return (
            Domain("state", "=", "open")
            & Domain("product_id", "in", list(products))
            & (Domain("lot_id", "in", list(lots)) | Domain("lot_id", "=", False))
        )

    # -- The gate's answer -------------------------------------------------------------

    @api.model
    def _qms_gate_reasons(self, goods, type, *, move=None, partner=None, date=None):
        """Answer the one question: may these goods be used for this, here, now?

        Add-ons override this to add reasons of their own: dates, requirements.

        :param list goods: of :class:`Goods` (product, lot, location, package)
        :param type: a transaction type, or several that must all allow it
        :param move: ``stock.move`` that the goods are for, or a list of them: one for
            each of the goods
        :param partner: ``res.partner`` that they go to or come from
        :param datetime date: when they will move; now if empty
        :return: for each of the goods a list of :class:`GateReason` that refuse
            (policy ``block``) or warn (policy ``warn``), the strictest first
        """
        types = as_types(type)
        if not types or not goods:
            return [[] for _one in goods]
        return [
            holds._get_gate_reasons(types, partner)
            for holds in self._get_covering(goods)
        ]

    def _get_gate_reasons(self, types, partner=None):
        reasons = []
        for hold in self:
            policy = hold._get_policy(types, partner)
            if policy != "allow":
                reasons.append(GateReason(policy, hold.status_id, hold, ""))
        # "block" comes before "warn" in the alphabet too
        return sorted(reasons, key=lambda reason: reason.policy)

    def _get_reason_text(self):
        """Return one line for people: status, why, since when, which document."""
        self.ensure_one()
        hold = self.sudo()
        parts = [hold.status_id.name, hold.reason, hold.document_name]
        return self.env._(
            "%(what)s, since %(since)s (%(hold)s). Released by: %(group)s",
            what=" · ".join(part for part in parts if part),
            since=format_datetime(self.env, hold.date_placed),
            hold=hold.name,
            group=hold.status_id._get_release_group().name,
        )

    # -- Narrow holds travel -----------------------------------------------------------

    def _prepare_extension(self, goods):
        """Return the values of the hold that follows ``goods`` to where they are."""
        self.ensure_one()
        root = self.root_id or self
        in_package = bool(goods.package)
        return {
            "root_id": root.id,
            "product_id": self.product_id.id,
            "lot_id": goods.lot.id,
            "package_id": goods.package.id,
            "location_id": False if in_package else goods.location.id,
            "status_id": self.status_id.id,
            "reason": root.reason,
            "res_model": root.res_model,
            "res_id": root.res_id,
        }

    def _close_empty(self):
        """Release the extensions of ``self`` that cover no goods any more."""
        extensions = self.filtered("root_id")
        if not extensions:
            return
        quants = extensions._get_quants().filtered(lambda quant: quant.quantity > 0)
        goods = quants._qms_get_goods()
        empty = extensions.filtered(
            lambda hold: not any(hold._covers(one) for one in goods)
        )
        empty._release(self.env._("No goods are left here"))
