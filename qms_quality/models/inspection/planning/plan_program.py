from odoo import api, models
from odoo.exceptions import UserError

from .plan_values import is_given


class QmsQualityPlan(models.Model):
    """Quality plans for other programs, over Odoo's protocols.

    A plan is named by its code and the reference of its product, in the company of the
    call. A warning never stops anything; what is impossible is an error.
    """

    _inherit = "qms.quality.plan"

    @api.model
    def add_quality_plan(self, code=False, product=False, category=False, values=None):
        """Make a plan.

        :param str code: of the plan
        :param str product: internal reference or barcode; empty for all products
        :param str category: full name of a product category, instead of a product
        :param dict values: the other fields; options that are left out stay as they
            come, and cells of the table among them are named in a warning
        :return: ``{"plan": record, "warnings": [text]}``
        :rtype: dict
        :raise AccessError: if the user may not make plans
        :raise UserError: names all that is wrong
        """
        self.check_access("create")
        key = self._parse_key(code, product, category)
        if self._search_key(key):
            raise UserError(
                self.env._(
                    "There is a quality plan %s already. Update it instead.",
                    self._get_key_text(code, product, category),
                )
            )
        parsed = self._parse_values(values)
        plan = self.create({"name": key["code"], **parsed, **key})
        plan._propose()
        missing = [name for name in self._get_cell_fields() if name not in parsed]
        return plan._answer(plan._get_missing_warning(missing))

    @api.model
    def update_quality_plan(
        self, code=False, product=False, category=False, values=None
    ):
        """Change a plan. Quality orders that were made by it keep it as it was.

        :param str code, product, category: which plan, as for :meth:`add_quality_plan`
        :param dict values: the fields to change
        :return: ``{"plan": record, "warnings": [text]}``
        :rtype: dict
        :raise AccessError: if the user may not change plans
        :raise UserError: names all that is wrong
        """
        plan = self._get_by_key(code, product, category)
        plan.check_access("write")
        parsed = self._parse_values(values)
        changed = plan._get_changed(parsed)
        warnings = plan._get_changed_warning(changed)
        if plan.is_fixed and self._get_ruled_fields() & changed.keys():
            # the plan in force stays until those have agreed whom a rule asks
            plan = plan._get_draft()
        plan.write(plan._get_changed(parsed))
        plan._propose()
        return plan._answer(warnings)

    def _get_changed(self, values):
        """Return those of ``values`` that this plan doesn't have yet."""
        return {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }

    @api.model
    def delete_quality_plan(self, code=False, product=False, category=False):
        """Delete a plan, and the draft of its next version. Quality orders that were
        made by it keep their copy.

        :param str code, product, category: which plan, as for :meth:`add_quality_plan`
        :return: ``{"plan": record as it was, "warnings": [text]}``
        :rtype: dict
        :raise AccessError: if the user may not delete plans
        :raise UserError: if there is no such plan
        """
        plan = self._get_by_key(code, product, category)
        plan.check_access("unlink")
        answer = {"plan": plan._to_record(), "warnings": plan._get_delete_warnings()}
        plan._get_versions().filtered(lambda one: one.state != "retired").unlink()
        return answer

    @api.model
    def get_quality_plan(self, code=False, product=False, category=False):
        """Return a plan.

        :param str code, product, category: which plan, as for :meth:`add_quality_plan`
        :return: ``{"plan": record, "warnings": [text]}``
        :rtype: dict
        :raise AccessError: if the user may not read plans
        :raise UserError: if there is no such plan
        """
        return self._get_by_key(code, product, category)._answer()

    @api.model
    def list_quality_plans(self, code=False, product=False, limit=100, offset=0):
        """Return plans, by their code; archived ones, too.

        :param str code: the plans of this code only
        :param str product: the plans of this product only
        :param int limit: how many at most, up to 1,000
        :param int offset: how many to leave out
        :return: ``{"plans": [record], "total": number, "warnings": [text]}``
        :rtype: dict
        :raise AccessError: if the user may not read plans
        :raise UserError: names what is wrong
        """
        self.check_access("read")
        self._check_page(limit, offset)
        domain = [("company_id", "=", self.env.company.id), ("state", "!=", "retired")]
        if is_given(code):
            domain.append(("code", "=", self._parse_code(code)))
        if is_given(product):
            domain.append(("product_id", "=", self._parse_product(product).id))
        plans = self.with_context(active_test=False)
        return {
            "plans": [
                plan._to_record()
                for plan in plans.search(domain, limit=limit, offset=offset)
            ],
            "total": plans.search_count(domain),
            "warnings": [],
        }

    def _answer(self, warnings=()):
        return {
            "plan": self._to_record(),
            "warnings": [*warnings, *self._get_warnings()],
        }

    def _to_record(self):
        """Return this plan for programs: texts, numbers and ``False``."""
        self.ensure_one()
        product, categ = self.product_id, self.categ_id
        return {
            "id": self.id,
            "code": self.code,
            "product": product.default_code or product.barcode or False,
            "category": categ.complete_name or False,
            "company": self.company_id.name,
            "state": self.state,
            **{name: self._to_plain(name) for name in self._get_value_fields()},
        }

    def _to_plain(self, name):
        value = self[name]
        if self._fields[name].relational:
            return value.name or False
        is_date = self._fields[name].type == "date"
        return value.isoformat() if is_date and value else value

    # -- Which plan --------------------------------------------------------------------

    @api.model
    def _get_by_key(self, code, product, category):
        """Return the plan of a key.

        :raise UserError: if there is none
        """
        self.check_access("read")
        plan = self._search_key(self._parse_key(code, product, category))
        if not plan:
            raise UserError(
                self.env._(
                    "There is no quality plan %s.",
                    self._get_key_text(code, product, category),
                )
            )
        return plan

    @api.model
    def _search_key(self, key):
        plans = self.with_context(active_test=False)
        domain = [(name, "=", value) for name, value in key.items()]
        domain.append(("state", "!=", "retired"))
        # the one in force comes before the draft of its next version
        return plans.search(domain, order="state", limit=1).with_env(self.env)

    @api.model
    def _get_key_text(self, code, product, category):
        parts = (code.strip(), product or category or self.env._("all products"))
        return self.env._("%(code)s for %(goods)s", code=parts[0], goods=parts[1])
