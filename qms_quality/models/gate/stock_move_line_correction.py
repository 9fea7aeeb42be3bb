from odoo import models

from .transaction import INSIDE


class StockMoveLine(models.Model):
    """A corrected line is judged by the goods that it really moves."""

    _inherit = "stock.move.line"

    def _qms_get_effects(self):
        """Return what the posted lines of ``self`` have moved, as they stand."""
        posted = self.filtered(lambda line: line.move_id.state == "done")
        return {movement.line: movement for movement in posted._qms_get_movements()}

    def _qms_get_corrections(self, before):
        """Return the movements that turn the effects ``before`` into today's."""
        after = self._qms_get_effects()
        corrections = []
        for line in self:
            old, new = before.get(line), after.get(line)
            corrections += line._qms_correct(old, new)
        return corrections

    def _qms_correct(self, old, new):
        """Return the movements that turn one effect into another.

        Less goes back where it came from, more goes on. Goods of the same lot that
        arrived inside go straight to their new place: taken as a return and a new
        receipt, they would get out of quarantine and of their narrow holds. Any other
        change undoes the whole line and does it anew.
        """
        if not old or not new:
            return [self._qms_undo(old)] if old else [new] if new else []
        if (old.product, old.lot) != (new.product, new.lot):
            return [self._qms_rename(old), new]
        if old.location_dest.usage not in INSIDE and self._qms_is_moved(old, new):
            return [self._qms_undo(old), new]
        return self._qms_redirect(old, new)

    def _qms_is_moved(self, old, new):
        return old._replace(quantity=0) != new._replace(quantity=0)

    def _qms_redirect(self, old, new):
        compare = self.product_id.uom_id.compare
        corrections = []
        if (old.location_dest, old.package_dest) != (
            new.location_dest,
            new.package_dest,
        ):
            corrections.append(self._qms_carry(old, new))
        if (old.location, old.package) != (new.location, new.package):
            arrival = not old.arrival and new.arrival
            corrections.append(new._replace(arrival=arrival))
        elif compare(new.quantity, old.quantity) > 0:
            corrections.append(new._replace(quantity=new.quantity - old.quantity))
        if compare(old.quantity, new.quantity) > 0:
            less = old._replace(quantity=old.quantity - new.quantity)
            corrections.append(self._qms_undo(less))
        return corrections

    def _qms_carry(self, old, new):
        """Return the movement from where goods went to where they are said to be."""
        types = old.location_dest._qms_transaction_types(
            new.location_dest,
            scrap=bool(self.move_id.scrap_id),
            inventory=self.move_id.is_inventory,
        )
        return new._replace(
            location=old.location_dest,
            package=old.package_dest,
            quantity=min(old.quantity, new.quantity),
            types=types,
            arrival=False,
        )

    def _qms_rename(self, old):
        """Undo ``old`` because its goods get another lot's number.

        Goods that came in and stay inside are counted away under their number.
        """
        undo = self._qms_undo(old)
        if old.location.usage in INSIDE or old.location_dest.usage not in INSIDE:
            return undo
        return undo._replace(types=tuple({*undo.types, "adjustment"}))

    def _qms_undo(self, movement):
        types = movement.location_dest._qms_transaction_types(
            movement.location, inventory=True
        )
        return movement._replace(
            location=movement.location_dest,
            package=movement.package_dest,
            location_dest=movement.location,
            package_dest=movement.package,
            types=types,
            arrival=False,
        )
