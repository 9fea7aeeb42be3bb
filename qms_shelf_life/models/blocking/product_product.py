from odoo import fields, models

from .date_block import DateBlock
from .expiry_policy import NO_POLICY, TYPES


class ProductProduct(models.Model):
    """Which rule says when goods are too old."""

    _inherit = "product.product"

    qms_expiry_release_ids = fields.One2many(
        "qms.expiry.release", "product_id", string="Expiry Releases", readonly=True
    )

    def _qms_get_expiry_rules(self, warehouse, company=None):
        """Return what counts for the dates of these products in a warehouse.

        :param warehouse: ``stock.warehouse`` where the goods are, empty elsewhere
        :param company: ``res.company`` whose settings count where no rule does; the
            warehouse's own if empty
        :return: ``{product: ExpiryPolicy}``; one that blocks nothing for products
            without expiration dates
        """
        company = company or warehouse.company_id or self.env.company
        rules = self.env["qms.expiry.rule"]
        default = company._qms_get_expiry_policy()
        policies = dict.fromkeys(self, NO_POLICY)
        for product in self._qms_filter_dated():
            rule = rules._get_rule(product, warehouse, company)
            # core dates lots of products without shelf life to their receipt
            if product._qms_has_shelf_life() or (rule and rule["product"]):
                policies[product] = rules._as_policy(rule) if rule else default
        return policies

    def _qms_has_shelf_life(self):
        """Tell whether the dates of this product's lots mean anything by themselves."""
        self.ensure_one()
        if self.expiration_time:
            return True
        template = self.product_tmpl_id
        return bool(
            template._qms_get_shelf_life("qms_expiration_formula")
            or template._qms_get_shelf_life("qms_expiration_from") == "vendor"
        )

    def _qms_filter_dated(self):
        """Return those whose lots have dates that the gate looks at. No query."""
        dated = self.filtered(
            lambda product: product.use_expiration_date and product.tracking != "none"
        )
        # one query for what is asked of all of them later
        return dated.with_prefetch(self._prefetch_ids)

    def _qms_get_date_blocks(self, asked, move=None, partner=None):
        """Yield which dates block these products, with those that are alike.

        :param asked: ``Asked``: for which types, where and when
        :param move: ``stock.move`` that the goods are for
        :param partner: ``res.partner`` that they go to
        :return: iterable of ``(DateBlock, product.product)``
        """
        policies = self._qms_get_expiry_rules(asked.warehouse)
        by_answer = self.grouped(
            lambda product: (
                policies[product].get_days(asked.types),
                policies[product].get_missing(asked.types) == "block",
            )
        )
        for (days, missing), products in by_answer.items():
            if days is None and not missing:
                continue
            limit, expired, released = None, None, ()
            if days is not None:
                limit = expired = asked.warehouse._qms_get_expiry_limit(asked.day)
            if days:
                limit = asked.warehouse._qms_get_expiry_limit(asked.day, days)
                released = products._qms_get_released_lots(move, partner)._ids
            yield DateBlock(limit, expired, missing, released), products

    def _qms_get_released_lots(self, move=None, partner=None):
        """Return the lots of these products that were released for a document.

        :param move: ``stock.move`` that the goods are for
        :param partner: ``res.partner`` that they go to
        """
        # sudo: a decision counts, whoever may read it
        releases = self.sudo().qms_expiry_release_ids
        return releases._filter_for(move, partner).lot_id

    def _qms_filter_blocked_somewhere(self):
        """Return those of which some setting or rule blocks what has expired."""
        # sudo: the answer is the same, whoever asks
        warehouses = self.env["stock.warehouse"].sudo()
        found = warehouses.with_context(active_test=False).search([])
        companies = self.env["res.company"].sudo().search([])
        calendars = [*found, *map(warehouses.with_company, companies)]
        blocked = self.browse()
        for warehouse in calendars:
            policies = self._qms_get_expiry_rules(warehouse)
            blocked |= self.filtered(
                lambda one, policies=policies: policies[one].get_days(TYPES) is not None
            )
        return blocked
