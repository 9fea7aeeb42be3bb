from odoo.tests import Form

from .common_inspection import InspectionCase


class ReportCase(InspectionCase):
    """People who report nonconformances, and how they do it.

    ``cls.clerk``, ``cls.operator``, ``cls.seller`` and ``cls.buyer`` may only use their
    own app; ``cls.colleague`` none.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Case = cls.env["qms.nonconformance"]
        cls.reports = cls.env["qms.nonconformance.report"]
        cls.env["qms.quality.team"].search([]).active = False
        cls.operator = cls._make_user("qms_operator", "mrp.group_mrp_user")
        cls.seller = cls._make_user("qms_seller", "sales_team.group_sale_salesman")
        cls.buyer = cls._make_user("qms_buyer", "purchase.group_purchase_user")
        cls.colleague = cls._make_user("qms_colleague", "base.group_user")

    def _open_report(self, records, user):
        """Choose *Report a Nonconformance* on ``records``; return the dialog."""
        action = records.with_user(user).action_qms_report_nonconformance()
        self.assertEqual(action["target"], "new")
        return self.reports.with_user(user).browse(action["res_id"])

    def _report(self, report, subject="Cups are dented", **vals):
        """Fill the dialog and press *Report*; return the new cases, as superuser."""
        last = self.Case.search([], order="id desc", limit=1).id or 0
        with Form(report) as form:
            form.subject = subject
            for name, value in vals.items():
                form[name] = value
        form.record.action_report()
        return self.Case.search([("id", ">", last)], order="id")

    def _held_by(self, case):
        """Return the open holds of a case: product, lot, place, package of each."""
        holds = self.env["qms.hold"]._search_open(case._name, case.ids).sudo()
        names = ("product_id", "lot_id", "location_id", "package_id")
        return [tuple(hold[name] for name in names) for hold in holds]

    def _deliver(self, lot, quantity=2, partner=None, lines=None):
        """Deliver of a lot; return the done transfer."""
        picking = self._delivery(
            quantity,
            lot,
            product=lot.product_id,
            partner_id=(partner or self.partner).id,
        )
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        return picking
