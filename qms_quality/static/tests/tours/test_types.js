import {registry} from "@web/core/registry";

const INPUT = (row) => `.o_data_row:eq(${row}) td[name='value'] .o_input:focus`;

// An inspector reads a test of each kind by keyboard, and looks at the chart.
registry.category("web_tour.tours").add("qms_test_types", {
    steps: () => [
        {
            content: "Two readings, whose average is passed over",
            trigger: INPUT(0),
            run: "edit 4 && press Tab",
        },
        {trigger: INPUT(1), run: "edit 6 && press Tab"},
        {
            content: "A choice",
            trigger: ".o_data_row:eq(3) td[name='value'] select:focus",
            run: "selectByLabel Smooth",
        },
        {
            trigger: ".o_data_row:eq(3) td[name='value'] select:focus",
            run: "press Tab",
        },
        {
            content: "A text",
            trigger: INPUT(4),
            run: "edit Second tank && press Tab",
        },
        {
            content: "A date",
            trigger: `${INPUT(5)}[type='date']`,
            run({anchor}) {
                anchor.value = "2026-11-20";
                anchor.dispatchEvent(new InputEvent("input", {bubbles: true}));
            },
        },
        {trigger: `${INPUT(5)}[type='date']`, run: "press Tab"},
        {
            content: "A count of defects",
            trigger: INPUT(6),
            run: "edit 3 && press Tab",
        },
        {
            trigger: "button[name='action_validate']",
            run: "click",
        },
        {trigger: ".ribbon:contains(Failed)"},
        {
            content: "The value that was worked out",
            trigger: ".o_data_row:eq(2) td[name='value']:contains(5.000)",
        },
        {trigger: "a[name='chart']", run: "click"},
        {trigger: ".qms_control_chart_canvas canvas"},
        {trigger: ".qms_control_chart select:contains(Weight)"},
    ],
});
