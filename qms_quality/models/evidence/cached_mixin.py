from odoo import api, models


class QmsCachedMixin(models.AbstractModel):
    """Rules that the server keeps in its cache: asked all the time, hardly changed."""

    _name = "qms.cached.mixin"
    _description = "Record Kept in the Server's Cache"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        res = super().write(vals)
        if self._is_cached(vals):
            self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    @api.model
    def _is_cached(self, names):
        """Tell whether the cache keeps anything of these fields."""
        return bool(names)
