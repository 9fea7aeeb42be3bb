import re

from lxml.builder import E

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import parse_date

from .attribute import NUMBERS, VALUE_FIELDS
from .attribute_promoted import SLOT_COUNT

SLOTS = {f"qms_attribute_{number}": number for number in range(1, SLOT_COUNT + 1)}
_COMPARISON = re.compile(r"\s*(>=|<=|≥|≤|>|<)\s*(.+)")
_SIGNS = {"≥": ">=", "≤": "<="}


def _make_search(name):
    """Return the search method of a column, which Odoo calls without its name."""

    def search(records, operator, value):
        return records._search_qms_promoted(name, operator, value)

    return search


class QmsPromotedMixin(models.AbstractModel):
    """Shows promoted attributes as columns: of lots, and of what has a lot.

    The columns are fixed, what they show is not: their names are those of the
    attributes, and who adds an attribute needs no other table.
    """

    _name = "qms.promoted.mixin"
    _description = "Goods with Lot Attributes"

    for _slot, _number in SLOTS.items():
        vars()[_slot] = fields.Char(
            string=f"Lot Attribute {_number}",
            compute="_compute_qms_promoted",
            search=_make_search(_slot),
        )
    del _slot, _number

    qms_attribute_text = fields.Char(
        string="Lot Attributes", compute="_compute_qms_attribute_text"
    )

    # The way to the lot: its field, empty on lots themselves.
    _qms_lot_field = "lot_id"

    def _compute_qms_promoted(self):
        self.update(dict.fromkeys(SLOTS, False))
        promoted = {
            one.id: one.field for one in self.env["qms.attribute"]._qms_get_promoted()
        }
        if not promoted:
            return
        by_lot = self.grouped(lambda record: record._qms_get_attribute_lot()._origin.id)
        # sudo: who sees a lot sees what it is
        rows = self.env["qms.lot.attribute"].sudo()
        for row in rows.search_fetch(
            [
                ("lot_id", "in", [lot for lot in by_lot if lot]),
                ("attribute_id", "in", list(promoted)),
            ],
            ["lot_id", "attribute_id", "value"],
        ):
            by_lot[row.lot_id.id][promoted[row.attribute_id.id]] = row.value

    @api.depends(*SLOTS)
    def _compute_qms_attribute_text(self):
        promoted = self.env["qms.attribute"]._qms_get_promoted()
        for record in self:
            record.qms_attribute_text = " · ".join(
                f"{one.name}: {record[one.field]}"
                for one in promoted
                if record[one.field]
            )

    def _qms_get_attribute_lot(self):
        """Return the lot whose attributes are shown."""
        return self[self._qms_lot_field] if self._qms_lot_field else self

    # -- Searching ---------------------------------------------------------------------

    @api.model
    def _qms_get_slot(self, name):
        """Return the promoted attribute that a column shows, ``None`` if none."""
        promoted = self.env["qms.attribute"]._qms_get_promoted()
        return next((one for one in promoted if one.field == name), None)

    @api.model
    def _search_qms_promoted(self, name, operator, value):
        """Search by the text that is shown, or by ``> 3.8`` and the like."""
        attribute = self._qms_get_slot(name)
        if not attribute:
            return Domain(operator == "in" and False in value)
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if operator == "in" and False in value:
            recorded = self._qms_get_slot_domain(attribute, Domain.TRUE)
            others = self._search_qms_promoted(name, "in", set(value) - {False})
            return ~recorded | others
        return self._qms_get_slot_domain(
            attribute, self._qms_get_value_domain(attribute, operator, value)
        )

    def _qms_get_slot_domain(self, attribute, domain):
        rows = Domain("attribute_id", "=", attribute.id) & domain
        lots = Domain("qms_attribute_ids", "any", rows)
        return Domain(self._qms_lot_field, "any", lots) if self._qms_lot_field else lots

    def _qms_get_value_domain(self, attribute, operator, value):
        text = value if isinstance(value, str) else ""
        compared = operator in ("ilike", "like") and _COMPARISON.fullmatch(text)
        if compared:
            operator, value = compared.groups()
        if compared or operator in (">", "<", ">=", "<="):
            typed = self._qms_parse_value(attribute, value)
            if typed is not None:
                name = VALUE_FIELDS[attribute.type]
                return Domain(name, _SIGNS.get(operator, operator), typed)
            operator, value = "ilike", text
        return Domain("value", operator, value)

    def _qms_parse_value(self, attribute, value):
        """Return what an entered number or date stands for, ``None`` if nothing."""
        if attribute.type == "date":
            parsed = parse_date(self.env, str(value))
            return None if isinstance(parsed, str) else parsed
        if attribute.type not in NUMBERS:
            return None
        try:
            return float(str(value).replace(",", "."))
        except ValueError:
            return None

    # -- Sorting and grouping ----------------------------------------------------------

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr in SLOTS and query is not None:
            return self._qms_join_slot(alias, field_expr, query, "value")
        return super()._field_to_sql(alias, field_expr, query)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name not in SLOTS:
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        attribute = self._qms_get_slot(field_name)
        is_ordered = attribute and attribute.type in (*NUMBERS, "date")
        name = VALUE_FIELDS[attribute.type] if is_ordered else "value"
        column = self._qms_join_slot(alias, field_name, query, name)
        # the database takes what isn't recorded for the greatest; there it is the last
        return SQL("%s %s %s", column, direction, nulls or SQL("NULLS LAST"))

    def _qms_join_slot(self, alias, name, query, column):
        """Return the column of the row that has the value of a slot."""
        attribute = self._qms_get_slot(name)
        rows = self.env["qms.lot.attribute"]
        joined = query.make_alias(alias, name)
        lot = SQL.identifier(alias, self._qms_lot_field or "id")
        query.add_join(
            "LEFT JOIN",
            joined,
            rows._table,
            SQL(
                "%s = %s AND %s = %s",
                SQL.identifier(joined, "lot_id", to_flush=rows._fields["lot_id"]),
                lot,
                SQL.identifier(joined, "attribute_id"),
                attribute.id if attribute else 0,
            ),
        )
        return SQL.identifier(joined, column, to_flush=rows._fields[column])

    # -- Screens -----------------------------------------------------------------------

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Name the columns after their attributes; those without one aren't there."""
        res = super().fields_get(allfields, attributes)
        promoted = self.env["qms.attribute"]._qms_get_promoted()
        used = {one.field: one for one in promoted}
        for name in SLOTS.keys() & res.keys():
            if name in used:
                res[name]["string"] = used[name].name
            elif not allfields:
                del res[name]
        return res

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, *self.env["qms.attribute"]._qms_get_promoted())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        promoted = self.env["qms.attribute"]._qms_get_promoted()
        if view_type == "list":
            self._qms_add_columns(arch, promoted)
        elif view_type == "search":
            self._qms_add_filters(arch, promoted)
        return arch, view

    @api.model
    def _qms_add_columns(self, arch, promoted):
        """Show the attributes after what says which goods they are.

        Together in one column: many would leave no room for the goods' names. Each has
        one of its own to be chosen, by which lists are sorted.
        """
        for name in self._qms_get_column_anchors():
            anchor = arch.find(f"field[@name='{name}']")
            if anchor is not None:
                break
        else:
            return
        together = {"string": self.env._("Attributes"), "optional": "show"}
        columns = [E.field(name="qms_attribute_text", **together)]
        columns += [
            E.field(name=one.field, string=one.name, optional="hide", readonly="1")
            for one in promoted
        ]
        for column in reversed(columns if promoted else []):
            anchor.addnext(column)

    @api.model
    def _qms_get_column_anchors(self):
        """Return the fields behind which the columns stand: the first that is there."""
        return ["inspection_status_id", "lot_id"]

    @api.model
    def _qms_add_filters(self, arch, promoted):
        fields_there = arch.findall("field")
        for one in promoted:
            field = E.field(name=one.field, string=one.name)
            if fields_there:
                fields_there[-1].addnext(field)
                fields_there.append(field)
            group = arch.find(".//group")
            if group is not None:
                group.append(
                    E.filter(
                        name=f"group_by_{one.field}",
                        string=one.name,
                        context=str({"group_by": one.field}),
                    )
                )
