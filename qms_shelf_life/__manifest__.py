{
    "name": "Shelf Life",
    "summary": "No expired or too-short goods leave, and nothing expires unnoticed",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Quality",
    "license": "LGPL-3",
    "author": "QMS for Odoo",
    "website": "https://github.com/qms-odoo/qms",
    "depends": ["qms_quality", "product_expiry", "mrp_product_expiry"],
    "data": [
        "security/qms_shelf_life_security.xml",
        "security/ir.model.access.csv",
        "views/qms_shelf_life_menus.xml",
        # -- dates of lots
        "security/qms_shelf_life_dates_rules.xml",
        "data/qms_shelf_life_cron_sell_by.xml",
        "views/product_dates_views.xml",
        "views/stock_lot_dates_views.xml",
        "views/qms_lot_event_views.xml",
        "views/qms_shelf_life_wizard_views.xml",
        # -- what may be picked how long before it expires
        "security/qms_expiry_blocking_rules.xml",
        "data/ir_cron_blocking.xml",
        "views/qms_expiry_rule_views.xml",
        "views/qms_expiry_release_views.xml",
        "views/qms_expiry_release_wizard_views.xml",
        "views/stock_lot_blocking_views.xml",
        "views/expiry_picking_confirmation_views.xml",
        # -- requirements of partners
        "views/qms_qrs_criterion_views.xml",
        # -- first expired, first out
        "views/stock_picking_type_fefo_views.xml",
        "views/stock_move_line_fefo_views.xml",
        "views/product_removal_views.xml",
        "views/qms_fefo_reason_views.xml",
        # -- what comes near its date, and what becomes of it
        "data/qms_near_expiry_data.xml",
        "security/qms_near_expiry_security.xml",
        "views/qms_expiry_decision_views.xml",
        "views/near_expiry_master_views.xml",
        # -- looking ahead
        "security/qms_look_ahead_rules.xml",
        "data/qms_look_ahead_data.xml",
        "report/qms_expiry_report.xml",
        "views/qms_expiry_report_views.xml",
        "views/qms_expiry_waste_views.xml",
        "views/qms_expiry_notice_wizard_views.xml",
        "views/qms_expiry_notice_views.xml",
        "views/digest_digest_views.xml",
        # -- settings
        "views/res_config_settings_views.xml",
        "views/res_config_settings_blocking_views.xml",
        "views/res_config_settings_dates_views.xml",
        "views/res_config_settings_requirement_views.xml",
        "views/res_config_settings_near_expiry_views.xml",
        "views/res_config_settings_look_ahead_views.xml",
    ],
    "demo": [
        # -- dates of lots
        "demo/qms_shelf_life_dates_demo.xml",
        # -- what may be picked how long before it expires
        "demo/qms_demo_blocking.xml",
        # -- requirements of partners
        "demo/qms_demo_minimum.xml",
        # -- what comes near its date, and what becomes of it
        "demo/qms_demo_near_expiry.xml",
        # -- looking ahead
        "demo/qms_demo_look_ahead.xml",
    ],
    "assets": {
        "web.assets_tests": ["qms_shelf_life/static/tests/tours/**/*"],
    },
    "pre_init_hook": "pre_init_hook",
    "uninstall_hook": "uninstall_hook",
    "installable": True,
}
