import {registry} from "@web/core/registry";

const FIELD = ".qms_track input[name='qms_scan']";
const READY = `${FIELD}:focus`;
const SUBMIT = {trigger: ".qms_track button[name='submit']", run: "click"};
const type = (text) => ({trigger: READY, run: `edit ${text}`});

// A worker without a scanner types numbers, and submits them.
registry.category("web_tour.tours").add("qms_track_typing", {
    steps: () => [
        {trigger: "button[name='action_qms_track']", run: "click"},
        {trigger: "button[name='mode_product'].active"},
        type("P-1"),
        SUBMIT,
        {trigger: "button[name='mode_component'].active"},
        {
            content: "The component is chosen in the grid first",
            trigger: ".qms_track_components tr[data-component='Oil']",
            run: "click",
        },
        type("OIL-1"),
        SUBMIT,
        {trigger: `${FIELD}.qms_asked`},
        type("1.5"),
        SUBMIT,
        {
            trigger:
                ".qms_track_components tr[data-component='Oil'][data-status='in_progress']",
        },
        {
            content: "The field has the focus again",
            trigger: READY,
        },
        {
            content: "Left and opened again, the page begins with a product",
            trigger: ".breadcrumb .o_back_button",
            run: "click",
        },
        {trigger: ".o_form_view button[name='action_qms_track']", run: "click"},
        {trigger: "button[name='mode_product'].active"},
        {trigger: ".qms_track_products tr[data-lot='P-1']:not(.table-active)"},
        {trigger: READY},
    ],
});
