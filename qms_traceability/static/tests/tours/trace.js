import {registry} from "@web/core/registry";

const CANVAS = ".qms_trace_canvas";
const DETAILS = ".qms_trace_details";
const NAME = (name) => `${DETAILS} [name=name]:contains('${name}')`;
const SHOWN = (count) => `${CANVAS}[data-nodes='${count}']`;
const BUTTON = (name) => `.qms_trace button[name=${name}]`;

/** The picture's own objects: what is drawn on a canvas has no elements. */
function getPicture() {
    return document.querySelector(CANVAS)._cyreg.cy;
}

function getNode(name) {
    const node = getPicture()
        .nodes()
        .filter((one) => one.data("label").split("\n")[0].startsWith(name))[0];
    if (!node) {
        throw new Error(`${name} is not drawn`);
    }
    return node;
}

function tap(name, event = "tap") {
    return () => getNode(name).emit(event);
}

/** Keep what would be written to a file, and look at it instead. */
const files = [];

function catchFiles() {
    const {createObjectURL} = URL;
    URL.createObjectURL = (blob) => {
        files.push(blob);
        return createObjectURL.call(URL, blob);
    };
}

function checkOrder() {
    const [vendor, milk, curd, cheese, shop] = [
        "Green Farm",
        "M-1",
        "K-1",
        "C-1",
        "Corner Shop",
    ].map((name) => getNode(name).position("x"));
    if (!(vendor < milk && milk < curd && curd < cheese && cheese < shop)) {
        throw new Error("suppliers are on the left, customers on the right");
    }
}

function checkColors() {
    const held = getNode("K-1").data("color");
    if (!held || held === getNode("C-2").data("color")) {
        throw new Error("a held lot has the colour of its status");
    }
}

// An inspector follows a lot both ways, and takes the picture along.
registry.category("web_tour.tours").add("qms_trace_page", {
    steps: () => [
        {trigger: "button[name=action_qms_trace]", run: "click"},
        {
            content: "Vendor, two lots of milk, salt, curd, two cheeses, a customer",
            trigger: SHOWN(8),
            run: () => {
                checkOrder();
                checkColors();
                catchFiles();
            },
        },
        {trigger: ".qms_trace_legend .badge:contains('On hold')"},
        {
            content: "Search goes from one to the next",
            trigger: ".qms_trace input[name=search]",
            run: "edit C- && press Enter",
        },
        {trigger: ".qms_trace [name=found]:contains('1/2')"},
        {trigger: NAME("C-1")},
        {trigger: BUTTON("find"), run: "click"},
        {trigger: ".qms_trace [name=found]:contains('2/2')"},
        {
            content: "Details tell the quantity, where it is and what it was made of",
            trigger: NAME("C-2"),
        },
        {trigger: `${DETAILS} [data-section=stock]:contains('6')`},
        {trigger: `${DETAILS} button:contains('K-1')`, run: "click"},
        {trigger: `${DETAILS} [data-section=holds]:contains('Listeria suspected')`},
        {trigger: `${DETAILS} [name=status]:contains('On hold')`},
        {trigger: `${DETAILS} button[name=close]`, run: "click"},
        {
            content: "A double tap folds what is behind a node, and shows it again",
            trigger: `.qms_trace:not(:has(${DETAILS}))`,
            run: tap("C-1", "dbltap"),
        },
        {trigger: SHOWN(7), run: tap("C-1", "dbltap")},
        {trigger: SHOWN(8)},
        {trigger: BUTTON("fold"), run: "click"},
        {
            content: "Only what is next to the curd",
            trigger: SHOWN(6),
        },
        {trigger: BUTTON("unfold"), run: "click"},
        {trigger: SHOWN(8)},
        {
            content: "One product, and what leads to it",
            trigger: BUTTON("filter"),
            run: "click",
        },
        {trigger: ".qms_trace_filter .o_select_menu_toggler", run: "click"},
        {trigger: ".o_select_menu_item:contains('Salt')", run: "click"},
        {trigger: SHOWN(2)},
        {trigger: BUTTON("filter"), run: "click"},
        {trigger: "button[name=clear_filter]", run: "click"},
        {trigger: SHOWN(8)},
        {
            content: "Nothing is so old: what was asked for stays",
            trigger: "#trace_to",
            run: "edit 01/01/2020 && press Enter",
        },
        {trigger: SHOWN(1)},
        {trigger: "button[name=clear_filter]", run: "click"},
        {trigger: SHOWN(8)},
        {trigger: BUTTON("backward"), run: "click"},
        {
            content: "What it was made of",
            trigger: SHOWN(5),
        },
        {trigger: BUTTON("both"), run: "click"},
        {trigger: SHOWN(8)},
        {trigger: BUTTON("zoom_in"), run: "click"},
        {trigger: BUTTON("fit"), run: "click"},
        {trigger: BUTTON("export"), run: "click"},
        {trigger: ".o-dropdown-item:contains('PNG')", run: "click"},
        {
            content: "The picture is a file",
            trigger: CANVAS,
            run: async () => {
                for (let i = 0; i < 50 && !files.length; i++) {
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
                if (files[0]?.type !== "image/png" || files[0].size < 5000) {
                    throw new Error(`no picture: ${files[0]?.type} ${files[0]?.size}`);
                }
            },
        },
        {
            content: "From another lot on",
            trigger: CANVAS,
            run: tap("M-1"),
        },
        {
            trigger: `${DETAILS}:has(${"[name=name]:contains('M-1')"}) button[name=trace]`,
            run: "click",
        },
        {trigger: ".o_breadcrumb:contains('Genealogy of M-1')"},
        {trigger: SHOWN(6), run: tap("C-1")},
        {trigger: `${DETAILS} button[name=open]`, run: "click"},
        {trigger: ".o_form_view .o_field_widget[name=name]:contains('C-1')"},
    ],
});
