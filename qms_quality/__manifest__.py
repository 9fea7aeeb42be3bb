{
    "name": "Quality Management",
    "summary": "Hold lots, inspect them, release them: one gate for every flow of goods",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Quality",
    "license": "LGPL-3",
    "author": "QMS for Odoo",
    "website": "https://github.com/qms-odoo/qms",
    "depends": ["stock", "purchase_stock", "sale_stock", "mrp"],
    "data": [],
    "demo": [],
    "application": True,
}
