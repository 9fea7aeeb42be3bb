from odoo.exceptions import UserError


class ReasonRequired(UserError):
    """A change is refused until the person says why.

    The web client knows this class by its name: it asks, and sends the call again with
    ``qms_reason`` in its context.
    """
