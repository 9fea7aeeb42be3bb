from datetime import timedelta

from odoo import api, fields, models

from .date_formula import DateFormula


class ProductTemplate(models.Model):
    """How long goods of this product keep."""

    _name = "product.template"
    _inherit = ["qms.shelf.life.mixin", "product.template"]

    qms_event_rule_ids = fields.One2many(
        "qms.lot.event.rule", "product_tmpl_id", string="After an Event", copy=True
    )

    qms_shelf_life_text = fields.Char(
        string="What Counts",
        compute="_compute_qms_shelf_life_text",
        help="By the product, or by its category.",
    )

    @api.depends(
        "categ_id",
        "expiration_time",
        "qms_expiration_from",
        "qms_expiration_formula",
        "qms_sales_min_shelf_life",
    )
    def _compute_qms_shelf_life_text(self):
        labels = dict(
            self._fields["qms_expiration_from"]._description_selection(self.env)
        )
        for template in self:
            get = template._qms_get_shelf_life
            period = get("qms_expiration_formula") or f"{template.expiration_time}D"
            basis = get("qms_expiration_from") or "receipt"
            parts = [f"{labels[basis]} + {period}"]
            if basis == "vendor":
                parts = [labels[basis]]
            if minimum := get("qms_sales_min_shelf_life"):
                parts.append(self.env._("sell by %(period)s before", period=minimum))
            template.qms_shelf_life_text = ", ".join(parts)

    def _qms_get_shelf_life(self, name):
        """Return what counts of a field: the product's, else the nearest category's.

        :param str name: of a field of products and categories
        """
        # sudo: whoever moves goods is bound by what their product's category says
        template = self.sudo()
        return template[name] or template.categ_id._qms_get_nearest(name)

    def _qms_is_ruled(self):
        """Tell whether anything but core's days says when goods expire."""
        return bool(
            self._qms_get_shelf_life("qms_expiration_from")
            or self._qms_get_shelf_life("qms_expiration_formula")
        )

    def _qms_get_expiry_after(self, day):
        """Return the day of expiry of goods whose period begins on a day.

        :param date day: of receipt or production
        :return: ``date``
        :raise ValidationError: if that lies outside the calendar
        """
        formula = self._qms_get_shelf_life("qms_expiration_formula")
        if formula:
            return self._qms_move_day(DateFormula(formula).after, day)
        days = timedelta(days=self.expiration_time)
        return self._qms_move_day(lambda start: start + days, day)

    def _qms_get_sell_by(self, day):
        """Return the sell-by date of goods that expire on a day.

        :param date day: of expiry
        :return: ``date``, False where there is no sales minimum shelf life, or none
            in the calendar
        """
        formula = self._qms_get_shelf_life("qms_sales_min_shelf_life")
        try:
            return bool(formula) and DateFormula(formula).before(day)
        except OverflowError:
            return False

    def _qms_get_event_rule(self, event_type):
        """Return the rule for a kind of event: the product's, else the nearest one.

        :param str event_type: a kind of event
        :return: ``qms.lot.event.rule``, maybe empty
        """
        # sudo: as in _qms_get_shelf_life
        template = self.sudo()
        for owner in (template, *template.categ_id._qms_get_upwards()):
            for rule in owner.qms_event_rule_ids:
                if rule.event_type == event_type:
                    return rule
        return self.env["qms.lot.event.rule"]
