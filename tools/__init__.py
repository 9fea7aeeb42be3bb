"""Set-up of the project: gets Odoo and PostgreSQL, makes and serves databases.

Only the standard library is used here, because these modules run before any
environment exists. Start them with ``make`` or ``python3 -m tools COMMAND``.
"""
