from collections import defaultdict

from odoo import api, models

from ...sentinel import trusted

DEMANDED = ("product_id", "partner_id", "location_id", "date")


class QmsQrsDocumentLine(models.Model):
    """How order lines get their copies, and what a change of the order does to them.

    A copy is made once. When what it was chosen by changes (product, partner, place,
    date), the line that applies is found again: an untouched copy is replaced by it.
    One that was changed by hand, that deviations tell of, or that was agreed on with
    the partner is kept and says so. Where goods have moved nothing changes.
    """

    _inherit = "qms.qrs.document.line"

    @api.model
    def _derive(self, lines):
        """Give order lines of one model the copies that apply, all in one pass.

        :param lines: records of a model with ``qms.required.mixin``'s methods
        """
        # sudo: who writes an order need not be allowed to read cards or places
        lines = lines.sudo().filtered(lambda line: line._qms_is_required_open())
        demands = {line: line._qms_get_demand() for line in lines}
        copies = self._get_copies(lines)
        self._rename(copies)
        sources = lines._qms_get_requirement_sources()
        changed = lines.filtered(
            lambda line: self._is_changed(
                demands[line], copies.get(line), sources.get(line)
            )
        )
        changed -= changed._qms_get_moved()
        asked = changed.filtered(lambda line: demands[line])
        origins = self._get_origins(asked, demands, sources)
        self._apply_origins(changed, demands, copies, origins)

    @api.model
    def _get_copies(self, lines):
        """Return ``{line: copy}``, lines in sudo and copies trusted."""
        found = self._qms_get_by_line([(lines._name, id_) for id_ in lines.ids])
        copies = trusted(self.sudo()).browse().union(*found.values())
        lines = lines.sudo()
        return {lines.browse(copy.res_id): copy for copy in trusted(copies)}

    @api.model
    def _rename(self, copies):
        """Follow lines that went to another order, and orders that are renamed."""
        for line, copy in copies.items():
            name = line._qms_get_required_order().name
            if copy.document_name != name:
                copy.document_name = name

    @api.model
    def _is_changed(self, demand, copy, source):
        if not copy:
            return bool(demand)
        return (
            not demand
            or (source or self.browse()) != copy.blanket_line_id
            or bool(copy._get_changes(demand))
        )

    def _get_changes(self, demand):
        """Return the fields by which this copy was chosen and that have changed."""
        return [name for name in DEMANDED if self[name] != self._of(demand, name)]

    @api.model
    def _of(self, demand, name):
        return getattr(demand, name.removesuffix("_id"))

    # -- What applies ------------------------------------------------------------------

    @api.model
    def _get_origins(self, lines, demands, sources):
        """Return for each line what to copy: of a blanket order, else of a card."""
        asked = [line for line in lines if line not in sources]
        found = self.env["qms.qrs.line"]._qms_find([demands[line] for line in asked])
        return {**sources, **dict(zip(asked, found, strict=True))}

    @api.model
    def _apply_origins(self, lines, demands, copies, origins):
        """Make, replace, keep or drop the copies of changed lines."""
        existing = (
            trusted(self.sudo())
            .browse()
            .union(*(copies[line] for line in lines if line in copies))
        )
        deviating = existing._get_deviating_ids()
        made, replaced, kept, dropped = {}, {}, set(), set()
        for line in lines:
            copy, origin = copies.get(line), origins.get(line)
            if not copy:
                made[line] = origin
                continue
            fate = copy._get_fate(demands[line], origin, deviating)
            if fate == "replace":
                replaced[copy] = origin
            elif fate == "keep":
                copy._set_notice(demands[line], origin)
                kept.add(copy.id)
            elif fate == "drop":
                dropped.add(copy.id)
        self._write_demands(lines, copies, demands)
        existing.filtered(lambda copy: copy.id in kept)._tell_kept()
        self._replace(replaced)
        self._make({line: origin for line, origin in made.items() if origin}, demands)
        existing.filtered(lambda copy: copy.id in dropped).unlink()

    @api.model
    def _write_demands(self, lines, copies, demands):
        """Note what changed lines are about now, in one write for all that is equal."""
        alike = defaultdict(list)
        for line in lines:
            if line in copies and demands[line]:
                copy = copies[line]
                values = self._prepare_demand_values(line, demands[line])
                new = [
                    (name, value)
                    for name, value in values.items()
                    if copy._fields[name].convert_to_write(copy[name], copy) != value
                ]
                alike[tuple(new)].append(copy.id)
        copies = trusted(self.sudo())
        for values, ids in alike.items():
            copies.browse(ids).write(dict(values))

    def _get_fate(self, demand, origin, deviating):
        """Tell what becomes of this copy, now that ``origin`` applies to its line."""
        if self._is_from(origin):
            is_other = not demand or "product_id" in self._get_changes(demand)
            return "keep" if self.manually_updated and is_other else "same"
        if self.manually_updated or self.id in deviating or self._is_agreed(demand):
            return "keep"
        return "replace" if origin else "drop"

    def _is_agreed(self, demand):
        """Tell whether the partner knows of this copy, for goods that are still these.

        Else another delivery date would do away with what was agreed.
        """
        if not demand or "product_id" in self._get_changes(demand):
            return False
        return self._get_line()._qms_is_agreed()

    def _is_from(self, origin):
        """Tell whether this copy was made from ``origin``, or both are without."""
        if not origin:
            return not (self.blanket_line_id or self.qrs_line_id or self.qrs_id)
        if origin._name == self._name:
            return self.blanket_line_id == origin
        return not self.blanket_line_id and self.qrs_line_id == origin

    def _set_notice(self, demand, origin):
        """Say that this copy was kept; of a blanket order it is told once."""
        values = {"notice": self._get_kept_text(demand, origin)}
        is_blanket = origin and origin._name == self._name
        values["blanket_line_id"] = origin.id if is_blanket else False
        self.write(values)

    # -- What ends ---------------------------------------------------------------------

    @api.model
    def _forget(self, lines):
        """Delete the copies of order lines that are deleted.

        Those that deviations tell of are evidence, and stay.
        """
        found = self._qms_get_by_line([(lines._name, id_) for id_ in lines.ids])
        copies = trusted(self.sudo().browse().union(*found.values()))
        deviating = copies._get_deviating_ids()
        copies.filtered(lambda copy: copy.id not in deviating).unlink()

    def _get_deviating_ids(self):
        """Return the ids of the copies that deviations tell of."""
        if not self:
            return set()
        # sudo: whether there are any decides, whoever may read them
        deviations = self.env["qms.deviation"].sudo()
        groups = deviations._read_group(
            [("document_line_id", "in", self.ids)], ["document_line_id"]
        )
        return {copy.id for (copy,) in groups}
