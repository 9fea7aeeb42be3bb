from odoo import models


class QmsQualityAssociation(models.Model):
    """Says what rules would do with a document, and why others would not."""

    _inherit = "qms.quality.association"

    def action_try(self):
        """Open a dialog that tries the rules on a past document."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try it"),
            "res_model": "qms.association.try",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_association_id": self[:1].id,
                "dialog_size": "extra-large",
            },
        }

    def _explain(self, arrivals):
        """Say for each of ``arrivals`` and each of these rules what would happen.

        :param list arrivals: of :class:`Arrival` and :class:`Step`
        :return: list of (arrival, rule, reason); no reason: an order would be made
        """
        lines = []
        for arrival in arrivals:
            about = self.filtered(lambda rule, one=arrival: rule.event == one.event)
            reasons = {rule: rule._get_mismatch(arrival) for rule in about}
            matching = about.filtered(lambda rule, why=reasons: not why[rule])
            best = matching._get_most_specific()
            for rule in matching - best:
                winner = best.filtered(
                    lambda one, rule=rule: one.test_group_id == rule.test_group_id
                )
                reasons[rule] = self.env._(
                    "“%s” is about the same test group, and more specific.",
                    winner.name,
                )
            lines += [(arrival, rule, why) for rule, why in reasons.items()]
        events = {arrival.event for arrival in arrivals}
        for rule in self.filtered(lambda rule: rule.event not in events):
            why = self.env._("Not in this document: %s.", rule._get_event_label())
            lines.append((None, rule, why))
        return lines

    def _get_mismatch(self, arrival):
        """Return why this rule is not about ``arrival``; nothing, if it is."""
        self.ensure_one()
        if self._matches(arrival):
            return False
        for matches, why in self._get_filters(arrival):
            if not matches:
                return why
        return self.env._("Another filter.")

    def _get_filters(self, arrival):
        """Yield whether each filter lets ``arrival`` pass, and what it says if not."""
        self.ensure_one()
        company = self.company_id.id in (False, arrival.company.id)
        yield company, self.env._("Another company.")
        product = arrival.product
        named = not self.product_ids or product in self.product_ids
        yield named, self.env._("Another product: %s.", product.display_name)
        yield (
            self._matches_attributes(product),
            self.env._("Other variant values: %s.", product.display_name),
        )
        yield (
            self._matches_product(product),
            self.env._(
                "Another category: %s.",
                product.sudo().categ_id.display_name or self.env._("none"),
            ),
        )
        partner = arrival.partner
        name = partner.sudo().display_name or self.env._("none")
        yield (
            self._matches_partner(partner),
            self.env._("Another partner, or without the tag: %s.", name),
        )
        yield (
            self._matches_places(arrival.places),
            self.env._(
                "Another place: %s.",
                ", ".join(arrival.places.sudo().mapped("display_name")),
            ),
        )
        yield (
            self._matches_quantity(product, arrival.quantity),
            self.env._(
                "Less than the minimum: %(quantity)s %(unit)s.",
                quantity=arrival.quantity,
                unit=product.uom_id.name,
            ),
        )
        yield self._matches_dates(arrival), self.env._("Not in effect today.")
        yield (
            self._matches_operation(arrival),
            self.env._("Another operation type or work order operation."),
        )
