from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

FEFO = "fefo"


class ProductTemplate(models.Model):
    """Goods with expiration dates that Odoo doesn't take by them.

    Which goods are reserved first is said by the category, else by the stock location
    or one above it. Where nobody says anything it is what came in first; and products
    need no category.
    """

    _inherit = "product.template"

    qms_removal_note = fields.Text(
        "Taken by", compute="_compute_qms_removal_note", compute_sudo=True
    )
    qms_is_out_of_order = fields.Boolean(
        "Not Taken by Expiration",
        compute="_compute_qms_removal_note",
        search="_search_qms_is_out_of_order",
        compute_sudo=True,
    )
    qms_can_use_fefo = fields.Boolean(
        compute="_compute_qms_removal_note", compute_sudo=True
    )

    @api.depends("use_expiration_date", "categ_id.removal_strategy_id")
    def _compute_qms_removal_note(self):
        warehouses = self._qms_get_out_of_order_warehouses()
        for template in self:
            strategy = template.categ_id.removal_strategy_id
            by_place = not strategy and bool(warehouses)
            wrong = by_place or bool(strategy) and strategy.method != FEFO
            template.qms_is_out_of_order = template.use_expiration_date and wrong
            template.qms_can_use_fefo = template.qms_is_out_of_order and by_place
            template.qms_removal_note = (
                template.qms_is_out_of_order and template._qms_get_note(warehouses)
            )

    def _qms_get_note(self, warehouses):
        """Return why these goods aren't taken by their expiration."""
        strategy = self.categ_id.removal_strategy_id
        if strategy:
            return self.env._(
                "These goods have expiration dates, but are reserved by “%(strategy)s”:"
                " so says the category %(category)s.",
                strategy=strategy.name,
                category=self.categ_id.display_name,
            )
        return self.env._(
            "These goods have expiration dates, but in %(warehouses)s they are not"
            " reserved by them: neither a category nor the stock location says so.",
            warehouses=", ".join(warehouses.mapped("name")),
        )

    @api.model
    def _qms_get_out_of_order_warehouses(self):
        """Return the warehouses whose stock location doesn't say FEFO."""
        # sudo: how goods are taken is to be seen by everyone who sees the product
        warehouses = self.env["stock.warehouse"].sudo()
        domain = [("company_id", "in", self.env.companies.ids)]
        return warehouses.search(domain).filtered(lambda one: not one.qms_is_fefo)

    def _search_qms_is_out_of_order(self, operator, value):
        if operator != "in":
            return NotImplemented
        strategy = "categ_id.removal_strategy_id"
        wrong = Domain(strategy, "!=", False) & Domain(f"{strategy}.method", "!=", FEFO)
        if self._qms_get_out_of_order_warehouses():
            wrong |= Domain("categ_id", "=", False) | Domain(strategy, "=", False)
        domain = Domain("use_expiration_date", "=", True) & wrong
        wanted = set(value)
        if wanted == {True}:
            return domain
        return ~domain if True not in wanted else Domain.TRUE

    def action_qms_use_fefo(self):
        """Let the warehouses that don't take goods by expiration do so.

        :raise AccessError: for those who may not set up locations
        :raise UserError: where the category says how these goods are taken
        """
        self._qms_check_use_fefo()
        self._qms_get_out_of_order_warehouses().sudo(False).action_qms_use_fefo()

    def _qms_check_use_fefo(self):
        said = self.filtered("categ_id.removal_strategy_id")
        if said:
            raise UserError(
                self.env._(
                    "The category says how these are taken, whatever the place: %s."
                    " Change it there.",
                    ", ".join(said.mapped("display_name")),
                )
            )


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_qms_use_fefo(self):
        """As on the template, whose form this has too."""
        return self.product_tmpl_id.action_qms_use_fefo()
