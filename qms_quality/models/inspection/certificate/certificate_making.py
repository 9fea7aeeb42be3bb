import json
from hashlib import sha256

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...sentinel import trusted, untrusted


class QmsCertificate(models.Model):
    """How a certificate is made, and why it is refused."""

    _inherit = "qms.certificate"

    # -- Why not -----------------------------------------------------------------------

    @api.model
    def _get_problems(self, subject, partner):
        """Return why a subject gets no certificate, a line each.

        :param subject: ``qms.quality.order``, ``stock.lot`` or ``stock.picking``
        :param partner: ``res.partner`` whom it is for, or none
        """
        problems = subject._qms_get_certificate_problems()
        if problems:
            return problems
        # sudo: what was found in goods doesn't depend on who asks
        certified = subject.sudo()._qms_get_certified()
        if not certified:
            return [
                self.env._("%s: nothing in it is inspected", subject.display_name),
            ]
        rule = self._get_rule(subject, partner)
        return [
            problem
            for goods in certified
            for problem in self._get_goods_problems(subject, goods, rule)
        ]

    def _get_goods_problems(self, subject, goods, rule):
        label, orders = goods.get_label(), goods.tests.order_id
        # what was delivered is free, even if another part of its lot is held
        whole_only = subject._name == "stock.picking"
        problems = [
            self.env._(
                "%(goods)s: held as %(why)s", goods=label, why=hold._get_reason_text()
            )
            for hold in goods.lots._qms_get_certificate_holds(whole_only)
        ]
        company = subject.company_id or self.env.company
        failed = orders.filtered(lambda order: order._has_failed(goods.tests))
        failed |= orders._get_failed_untested(goods.lots, company)
        if not orders and not failed:
            return [*problems, self._get_uninspected_text(goods)]
        problems += [
            self.env._("%(goods)s: failed in %(order)s", goods=label, order=order.name)
            for order in failed
        ]
        tests = goods.tests._filter_certified(rule)
        if not tests:
            problems.append(
                self.env._("%s: no test with a reading is on the certificate", label)
            )
        return problems + self._get_limit_problems(goods, tests, rule)

    def _get_uninspected_text(self, goods):
        orders = self.env["qms.quality.order"]._get_orders_of(
            goods.lots, [("state", "in", ["draft", "open"])]
        )
        waiting = self.env["qms.quality.order"].union(*orders.values())
        if not waiting:
            return self.env._("%s: never inspected", goods.get_label())
        return self.env._(
            "%(goods)s: not validated yet: %(orders)s",
            goods=goods.get_label(),
            orders=", ".join(waiting.mapped("name")),
        )

    def _get_limit_problems(self, goods, tests, rule):
        """Return which readings are outside of what the customer asks for."""
        asked = rule.line_ids.grouped("test_id")
        nothing = rule.line_ids.browse()
        return [
            self.env._(
                "%(goods)s: %(test)s is %(value)s; %(customer)s asks for %(limits)s",
                goods=goods.get_label(),
                test=test.name,
                value=result._get_value_text(),
                customer=rule.display_name,
                limits=test._with_asked_limits(asked[test.test_id])._get_limits_text(),
            )
            for test in tests
            for result in test._get_outside(
                goods.lots, asked.get(test.test_id, nothing)
            )
        ]

    @api.model
    def _refuse(self, subject, problems):
        raise UserError(
            self.env._(
                "No certificate of analysis for %(subject)s:%(problems)s",
                subject=subject.display_name,
                problems="".join(f"\n- {problem}" for problem in problems),
            )
        )

    # -- Making ------------------------------------------------------------------------

    @api.model
    def _make(self, subject, partner, lang=None):
        """Return the certificate of a subject: a draft, or the one that still holds.

        :param subject: ``qms.quality.order``, ``stock.lot`` or ``stock.picking``
        :param partner: ``res.partner`` whom it is for, or none
        :param str lang: code of an installed language; the customer's if empty
        :raise UserError: says all that speaks against it
        """
        subject.ensure_one()
        problems = self._get_problems(subject, partner)
        if problems:
            self._refuse(subject, problems)
        values = self._prepare_values(subject, partner, lang)
        former = self._find_former(values)
        current = former.filtered(
            lambda one: (
                one.state == "issued" and one.content_hash == values["content_hash"]
            )
        )
        if current:
            return current[:1]
        # the same draft again, with what is known now
        draft = former.filtered(lambda one: one.state == "draft")[:1]
        if draft:
            draft._fill(values)
            return draft
        values["name"] = self.env["ir.sequence"]._qms_draw(self._name, 1)[0]
        # sudo: whoever delivers makes certificates by doing so; who may make them by
        # hand is asked before
        made = trusted(self.sudo()).create(values)
        return untrusted(made.with_env(self.env))

    def _find_former(self, values):
        """Return the drafts and valid certificates of the same, in its language."""
        names = ("order_id", "lot_id", "picking_id", "partner_id", "company_id", "lang")
        # sudo: as for making one
        return self.sudo().search(
            [
                ("state", "in", ["draft", "issued"]),
                *((name, "=", values.get(name, False)) for name in names),
            ]
        )

    def _prepare_values(self, subject, partner, lang):
        """Return all values of a certificate, its goods and results included."""
        company = subject.company_id or self.env.company
        lang = lang or partner.lang or company.partner_id.lang or self.env.lang
        rule = self._get_rule(subject, partner)
        goods = self._prepare_goods(subject, rule, lang)
        return {
            self._get_subject_field(subject): subject.id,
            "partner_id": partner.id,
            "company_id": company.id,
            "lang": lang,
            "rule_id": rule.id,
            "goods_ids": [Command.create(one) for one in goods],
            "content_hash": self._get_hash(goods),
        }

    @api.model
    def _get_rule(self, subject, partner):
        company = subject.company_id or self.env.company
        return self.env["qms.certificate.rule"]._get_for(partner, company)

    @api.model
    def _prepare_goods(self, subject, rule, lang):
        # sudo: what was found in goods doesn't depend on who asks
        told = subject.sudo().with_context(lang=lang)
        asked = rule.with_context(lang=lang).line_ids.grouped("test_id")
        return [
            self._prepare_section(one, rule, asked) for one in told._qms_get_certified()
        ]

    def _prepare_section(self, goods, rule, asked):
        tests, nothing = goods.tests._filter_certified(rule), rule.line_ids.browse()
        lines = [
            test._prepare_certificate_line(goods.lots, asked.get(test.test_id, nothing))
            for test in tests.sorted(lambda one: (one.order_id.id, one.sequence))
        ]
        return {
            "product_id": goods.product.id,
            "product_name": goods.product.display_name,
            "lot_ids": [Command.set(goods.lots.ids)],
            "lot_names": ", ".join(goods.lots.mapped("name")),
            "order_ids": [Command.set(tests.order_id.ids)],
            "quantity": goods.quantity,
            "uom_id": goods.uom.id,
            "expiration_date": goods.lots._qms_get_expiration(),
            "line_ids": [Command.create(line) for line in lines],
        }

    @api.model
    def _get_hash(self, goods):
        """Return the fingerprint of what a certificate says, in no language.

        :param list goods: values of ``qms.certificate.goods``
        """
        content = [
            [
                one["product_id"],
                sorted(one["lot_ids"][0][2]),
                one["quantity"],
                str(one["expiration_date"] or ""),
                [line[2]["raw"] for line in one["line_ids"]],
            ]
            for one in goods
        ]
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()

    # -- Keeping a draft up to date ----------------------------------------------------

    def _refresh(self):
        """Copy the readings anew onto drafts whose readings have changed."""
        for draft in self.filtered(lambda one: one.state == "draft"):
            draft = draft.with_company(draft.company_id)
            subject, partner = draft._get_subject(), draft.partner_id
            if not draft._get_problems(subject, partner):
                draft._fill(draft._prepare_values(subject, partner, draft.lang))

    def _fill(self, values):
        if self.content_hash == values["content_hash"]:
            return
        # sudo: as for making one
        draft = trusted(self.sudo())
        draft.goods_ids.unlink()
        draft.write(values)
