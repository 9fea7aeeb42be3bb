{
    "name": "Traceability",
    "summary": "From any lot to its suppliers and customers; recalls that add up",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Quality",
    "license": "LGPL-3",
    "author": "QMS for Odoo",
    "website": "https://github.com/qms-odoo/qms",
    "depends": ["qms_quality", "barcodes_gs1_nomenclature", "maintenance"],
    "data": [
        "security/qms_traceability_security.xml",
        "security/ir.model.access.csv",
        "views/qms_traceability_menus.xml",
        # -- genealogy of lots
        "security/qms_genealogy_rules.xml",
        "data/qms_genealogy_cron.xml",
        "views/qms_lot_link_views.xml",
        # -- the graph, the batch record, packages
        "views/qms_trace_views.xml",
        "views/qms_package_views.xml",
        "security/qms_equipment_rules.xml",
        "data/qms_equipment_data.xml",
        "views/maintenance_equipment_views.xml",
        "report/item_tracing_report.xml",
        "report/batch_record_report.xml",
        # -- recalls
        "security/qms_recall_rules.xml",
        "report/qms_recall_report.xml",
        "data/qms_recall_data.xml",
        "views/qms_recall_views.xml",
        "views/qms_recall_lot_views.xml",
        "views/qms_recall_customer_views.xml",
        "views/qms_recall_wizard_views.xml",
        "views/qms_recall_source_views.xml",
        "views/qms_recall_portal.xml",
        "views/res_config_settings_recall_views.xml",
        # -- tracked components
        "security/qms_registration_rules.xml",
        "data/qms_registration_data.xml",
        "views/qms_tracked_product_views.xml",
        "views/qms_tracked_component_views.xml",
        "views/qms_tracked_scan_views.xml",
        "views/qms_tracked_adjustment_views.xml",
        "views/qms_track_components_views.xml",
        "views/res_config_settings_registration_views.xml",
        # -- settings
    ],
    "demo": [
        # -- genealogy of lots
        "demo/qms_demo_genealogy.xml",
        # -- the graph, the batch record, packages
        # -- recalls
        "demo/qms_demo_recalls.xml",
        # -- tracked components
        "demo/qms_registration_demo.xml",
    ],
    "assets": {
        "web.assets_backend": ["qms_traceability/static/src/**/*"],
        "web.assets_tests": ["qms_traceability/static/tests/tours/**/*"],
    },
    "installable": True,
}
