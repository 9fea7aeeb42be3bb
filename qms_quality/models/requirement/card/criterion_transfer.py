from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class QmsCriterionMixin(models.AbstractModel):
    """Criteria that are seen to at the transfer: certificate, package and label.

    A certificate that came with a vendor's goods and a label have been there when a
    worker has confirmed it on the transfer.
    """

    _inherit = "qms.criterion.mixin"

    # -- Certificate -------------------------------------------------------------------

    def _judge_certificate(self, facts):
        nothing = ("missing", self.env._("no certificate"))
        confirmed = {lot_id for _product, lot_id in self._get_confirmed(facts)}

        def judge(lot_id):
            if lot_id and lot_id in confirmed:
                return "met", self.env._("confirmed")
            if lot_id in facts.certificates:
                return "met", facts.certificates[lot_id].name
            return nothing

        return self._judge_each(facts, judge)

    def _get_certificate_domain(self, facts):
        def to_sql(lot):
            self.env["qms.certificate"].flush_model()
            self.env["qms.certificate.goods"].flush_model()
            return SQL(
                """(%(confirmed)s OR EXISTS (
                       SELECT 1 FROM %(origins)s w
                       JOIN qms_certificate_goods_lot_rel r ON r.lot_id = w.id
                       JOIN qms_certificate_goods g ON g.id = r.goods_id
                       JOIN qms_certificate c
                         ON c.id = g.certificate_id AND c.create_date <= w.until
                       LEFT JOIN res_partner p ON p.id = c.partner_id
                       WHERE c.state = 'issued'
                         AND (p.id IS NULL
                              OR p.commercial_partner_id = %(partner)s)))""",
                confirmed=self._get_confirmed_sql(SQL("l.product_id"), lot),
                origins=self._get_origins_sql(lot),
                partner=facts.partner.id or None,
            )

        return self._get_lot_domain(facts, to_sql)

    # -- Label -------------------------------------------------------------------------

    def _judge_label(self, facts):
        confirmed = self._get_confirmed(facts)
        met = ("met", self.env._("confirmed"))
        missing = ("missing", self.env._("not confirmed"))
        return [
            met if (one.product.id, one.lot.id) in confirmed else missing
            for one in facts.goods
        ]

    def _get_label_domain(self, facts):
        return self._get_custom_domain(
            facts,
            lambda model, alias, _query: self._get_confirmed_sql(
                SQL.identifier(alias, "product_id"), SQL.identifier(alias, "lot_id")
            ),
        )

    def _get_confirmed(self, facts):
        """Return ``{(product id, lot id)}`` it was confirmed of, on documents only."""
        if self._name != "qms.qrs.document.criterion":
            return set()
        return {
            (one.product.id, one.lot.id)
            for one in facts.goods
            if (self.id, one.product.id, one.lot.name) in facts.confirmations
        }

    def _get_confirmed_sql(self, product, lot):
        if self._name != "qms.qrs.document.criterion":
            return SQL("FALSE")
        self.env["qms.qrs.confirmation"].flush_model()
        return SQL(
            """EXISTS (
                   SELECT 1 FROM qms_qrs_confirmation c
                   LEFT JOIN stock_lot l ON l.id = %s
                   WHERE c.criterion_id = %s AND c.product_id = %s
                     AND c.lot_name IS NOT DISTINCT FROM l.name)""",
            lot,
            self.id,
            product,
        )

    # -- Package -----------------------------------------------------------------------

    def _judge_package(self, facts):
        wanted = self.package_type_id
        return [
            self._judge_one_package(package, types, wanted)
            for package, types in zip(facts.packages, facts.package_types, strict=True)
        ]

    def _judge_one_package(self, package, types, wanted):
        if not package:
            return "departs", self.env._("no package")
        fits = not wanted or wanted in types
        found = types.mapped("name") or [package.name]
        return ("met" if fits else "departs"), ", ".join(found)

    def _get_package_domain(self, facts):
        wanted = self.package_type_id
        if not wanted:
            return Domain("package_id", "!=", False)

        def to_sql(model, alias, _query):
            self.env["stock.package"].flush_model()
            return SQL(
                """EXISTS (
                       SELECT 1 FROM stock_package p
                       JOIN stock_package outer_p
                         ON p.parent_path LIKE outer_p.parent_path || '%%'
                       WHERE p.id = %s AND outer_p.package_type_id = %s)""",
                SQL.identifier(alias, "package_id"),
                wanted.id,
            )

        return self._get_custom_domain(facts, to_sql)
