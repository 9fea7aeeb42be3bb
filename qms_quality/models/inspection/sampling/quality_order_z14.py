from odoo import models

from ...sentinel import trusted


class QmsQualityOrder(models.Model):
    """Making the lines that defects are counted on."""

    _inherit = "qms.quality.order"

    def _make_defects(self):
        """Copy the acceptance numbers that the tables give for these lots."""
        orders = self.filtered(lambda order: order.sampling_plan_id.method == "z14")
        severities = orders._get_severities()
        rows = []
        for order in orders:
            own = {name: severities[key] for name, key in order._get_severity_keys()}
            plans = order.sampling_plan_id._get_z14_plans(
                order._get_lot_size(),
                {name: severity.severity for name, severity in own.items()},
            )
            rows += [
                order._prepare_defect(name, own.get(name), *plans[name])
                for name in plans
            ]
        trusted(self.env["qms.quality.order.defect"].sudo()).create(rows)

    def _get_severities(self):
        """Return the histories of these orders by key, made where there is none."""
        keys = [key for order in self for _name, key in order._get_severity_keys()]
        if not keys:
            return {}
        model = self.env["qms.sampling.severity"]
        return model._ensure(
            keys, {"severity": "normal", "is_discontinued": False, "is_steady": False}
        )

    def _get_severity_keys(self):
        """Return pairs of a class of defects and the key of its history."""
        self.ensure_one()
        partner = self.partner_id.commercial_partner_id
        key = (self.sampling_plan_id.id, self.product_id.id, partner.id)
        return [
            (name, (*key, self.company_id.id, name))
            for name in self.sampling_plan_id._get_aqls()
        ]

    def _prepare_defect(self, name, severity_record, severity, plan):
        first, last = plan.stages[0], plan.stages[-1]
        is_double = len(plan.stages) > 1
        return {
            "order_id": self.id,
            "defect_class": name,
            "severity_id": severity_record.id if severity_record else False,
            "severity": severity,
            "aql": self.sampling_plan_id._get_aqls().get(name),
            "count_as": self.sampling_plan_id.count_as,
            "letter": plan.letter,
            "plan_letter": plan.plan_letter,
            "size1": first.size,
            "accept1": first.accept,
            "reject1": first.reject,
            "is_double": is_double,
            "size2": last.size if is_double else 0,
            "accept2": last.accept if is_double else 0,
            "reject2": last.reject if is_double else 0,
        }
