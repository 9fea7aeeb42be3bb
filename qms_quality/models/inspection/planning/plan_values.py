from odoo import api, fields, models
from odoo.exceptions import UserError

MAX_TEXT = 200
MAX_PAGE = 1000
MAX_OFFSET = 10**9
MAX_NUMBER = 1e15


class QmsQualityPlan(models.Model):
    """What other programs send, turned into values of a plan or refused in words."""

    _inherit = "qms.quality.plan"

    # -- The key -----------------------------------------------------------------------

    @api.model
    def _parse_key(self, code, product, category):
        """Return the fields that name a plan.

        :raise UserError: says what is wrong
        """
        has_product, has_category = is_given(product), is_given(category)
        if has_product and has_category:
            raise UserError(
                self.env._("A quality plan is about a product or a category, not both.")
            )
        return {
            "company_id": self.env.company.id,
            "code": self._parse_code(code),
            "product_id": has_product and self._parse_product(product).id,
            "categ_id": has_category and self._parse_category(category).id,
        }

    @api.model
    def _parse_code(self, code):
        if not _is_text(code) or not code.strip():
            raise UserError(
                self.env._(
                    "The code of a quality plan is a text of 1 to %s characters.",
                    MAX_TEXT,
                )
            )
        return code.strip()

    @api.model
    def _parse_product(self, reference):
        found = self._search_text(
            "product.product", ("default_code", "barcode"), reference
        )
        return self._check_found(found, self.env._("product"), reference)

    @api.model
    def _parse_category(self, name):
        found = self._search_text("product.category", ("complete_name",), name)
        return self._check_found(found, self.env._("product category"), name)

    @api.model
    def _search_text(self, model, names, text):
        """Return at most two records of which one of the fields is ``text``."""
        records = self.env[model]
        if not _is_text(text):
            return records
        for name in names:
            if found := records.search([(name, "=", text)], limit=2):
                return found
        return records

    @api.model
    def _check_found(self, found, what, text):
        if len(found) == 1:
            return found
        values = {"what": what, "text": _show(text)}
        if not found:
            raise UserError(self.env._("There is no %(what)s “%(text)s”.", **values))
        raise UserError(
            self.env._(
                "There are several of the %(what)s “%(text)s”. Give each a reference of"
                " its own.",
                **values,
            )
        )

    @api.model
    def _check_page(self, limit, offset):
        if any(type(one) is not int for one in (limit, offset)) or not (
            1 <= limit <= MAX_PAGE and 0 <= offset <= MAX_OFFSET
        ):
            raise UserError(
                self.env._(
                    "The limit is a number from 1 to %(limit)s, the offset one from 0"
                    " to %(offset)s.",
                    limit=MAX_PAGE,
                    offset=MAX_OFFSET,
                )
            )

    # -- The values --------------------------------------------------------------------

    @api.model
    def _get_value_fields(self):
        """Return the names of the fields that programs read and write."""
        return ["name", "active", "date_from", "date_to", *self._get_option_fields()]

    @api.model
    def _parse_values(self, values):
        """Return values to write.

        :raise UserError: names all that is wrong
        """
        if is_given(values) and not isinstance(values, dict):
            raise UserError(
                self.env._(
                    "The values of a quality plan come by the name of the field."
                )
            )
        known, parsed, problems = self._get_value_fields(), {}, []
        for name, value in (values or {}).items():
            try:
                if name not in known:
                    self._refuse_name(name)
                parsed[name] = self._parse_value(name, value)
            except UserError as error:
                problems.append(str(error))
        if problems:
            rows = "".join(f"\n- {problem}" for problem in problems)
            raise UserError(self.env._("Nothing was changed:%s", rows))
        return parsed

    @api.model
    def _refuse_name(self, name):
        raise UserError(
            self.env._(
                "%(name)s is no field of a quality plan that can be set.",
                name=_show(name),
            )
        )

    @api.model
    def _parse_value(self, name, value):
        """Return one value to write.

        :raise UserError: says what the field takes
        """
        kind = self._fields[name].type
        parsed = getattr(self, f"_parse_{kind}_value")(name, value)
        if parsed is None:
            raise UserError(
                self.env._(
                    "%(name)s takes %(what)s, not “%(value)s”.",
                    name=name,
                    what=self._get_expected_text(name),
                    value=_show(value),
                )
            )
        return parsed

    @api.model
    def _get_expected_text(self, name):
        field = self._fields[name]
        if field.type == "selection":
            return self.env._("one of: %s", ", ".join(field.get_values(self.env)))
        return {
            "char": self.env._("a text of 1 to %s characters", MAX_TEXT),
            "boolean": self.env._("true or false"),
            "float": self.env._("a number"),
            "date": self.env._("a date such as 2026-11-30"),
            "many2one": self.env._("the name of a unit"),
        }[field.type]

    @api.model
    def _parse_char_value(self, name, value):
        return _is_text(value) and value.strip() or None

    @api.model
    def _parse_boolean_value(self, name, value):
        return value if isinstance(value, bool) else None

    @api.model
    def _parse_float_value(self, name, value):
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        # JSON lets "NaN", and numbers that no database keeps, through: none is less
        return value if is_number and abs(value) < MAX_NUMBER else None

    @api.model
    def _parse_date_value(self, name, value):
        if not is_given(value):
            return False
        try:
            return fields.Date.to_date(value) if isinstance(value, str) else None
        except ValueError:
            return None

    @api.model
    def _parse_selection_value(self, name, value):
        words = self._fields[name].get_values(self.env)
        return value if isinstance(value, str) and value in words else None

    @api.model
    def _parse_many2one_value(self, name, value):
        if not is_given(value):
            return False
        units = self.env[self._fields[name].comodel_name].search([])
        found = units.filtered(lambda unit: unit.name == value)
        return found.id if len(found) == 1 else None


def is_given(value):
    """Tell whether a program sent anything: 0 and empty lists are no way to send
    nothing."""
    return not (value is None or value is False or isinstance(value, str) and not value)


def _is_text(value):
    """Tell whether a value is a short text that the database keeps."""
    if not isinstance(value, str) or len(value) > MAX_TEXT or "\0" in value:
        return False
    try:
        # half a character, as JSON lets through
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _show(value):
    """Return a value as an answer can show it, without what is no character."""
    return str(value)[:MAX_TEXT].encode(errors="replace").decode()
