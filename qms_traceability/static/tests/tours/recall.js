import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("qms_recall_from_case", {
    steps: () => [
        {
            content: "The case opens the recall by its menu of actions",
            trigger: ".o_form_view .o_cp_action_menus i.fa-cog",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .o_menu_item:contains('Recall')",
            run: "click",
        },
        {
            trigger: "div[name=instructions] textarea",
            run: "edit Set the goods apart. We fetch them.",
        },
        {trigger: "button[name=action_analyse]", run: "click"},
        {
            content: "Both lots and twelve customers are found",
            trigger: ".o_arrow_button_current:contains('Analysed')",
        },
        {trigger: ".nav-link[name=customers]", run: "click"},
        {trigger: "div[name=customer_ids] td:contains('Market 12')"},
        {trigger: ".nav-link[name=suppliers]", run: "click"},
        {trigger: "div[name=supplier_ids] td:contains('Supplier X')"},
        {trigger: "button[name=action_contain]", run: "click"},
        {trigger: ".modal button:contains('Ok')", run: "click"},
        {trigger: ".o_arrow_button_current:contains('Contained')"},
        {trigger: "button[name=action_tell]", run: "click"},
        {trigger: ".modal td:contains('m12@market.example')"},
        {trigger: ".modal button[name=action_send]", run: "click"},
        {trigger: ".o_arrow_button_current:contains('Recovery')"},
        {trigger: ".o_stat_info:contains('12 / 12')"},
    ],
});

tours.add("qms_recall_customer_answers", {
    steps: () => [
        {
            content: "What is addressed to the company is on its home page",
            trigger: "a[href='/my/recalls']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "table a[href*='/my/recalls/']",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".o_qms_recall:contains('Set the goods apart')"},
        {
            trigger: ".o_qms_recall button[name=acknowledge]",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".alert-success:contains('Tell us below')"},
        {trigger: ".o_qms_recall input[name^=returned_]", run: "edit 60"},
        {
            trigger: ".o_qms_recall button[name=send]",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".alert-danger:contains('you account for 60 Units, but got 50')"},
        {trigger: ".o_qms_recall input[name^=returned_]", run: "edit 40"},
        {trigger: ".o_qms_recall input[name^=used_]", run: "edit 6"},
        {
            trigger: ".o_qms_recall button[name=send]",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".alert-success:contains('your answer has been sent')"},
        {trigger: ".o_qms_recall:not(:has(input[name^=returned_]))"},
    ],
});

tours.add("qms_recall_closing", {
    steps: () => [
        {trigger: ".nav-link[name=lots]", run: "click"},
        {
            content: "Four cases are missing",
            trigger: "div[name=line_ids] tr.text-danger:contains('SD-2026-0315')",
        },
        {trigger: "button[name=action_close]", run: "click"},
        {trigger: ".modal:contains('Unaccounted by Customers 4 Units')"},
        {trigger: ".modal .modal-footer button", run: "click"},
        {
            trigger:
                "div[name=line_ids] tr:contains('SD-2026-0315') td[name=explanation]",
            run: "click",
        },
        {
            trigger: "div[name=line_ids] td[name=explanation] textarea",
            run: "edit Four broke on the way back",
        },
        {trigger: ".nav-link[name=figures]", run: "click"},
        {
            trigger: "div[name=conclusion] textarea",
            run: "edit All is destroyed. Supplier X is blocked.",
        },
        {trigger: "button[name=action_close]", run: "click"},
        {trigger: ".o_arrow_button_current:contains('Closed')"},
    ],
});
