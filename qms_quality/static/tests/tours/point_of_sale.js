import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// Milliseconds for what takes the server long on a busy machine
const PATIENCE = 60_000;

const openRegister = [
    {
        content: "The till has loaded what it sells",
        trigger: ".screen-login .btn.open-register-btn",
        run: "click",
        timeout: PATIENCE,
    },
    {
        trigger: ".modal .modal-footer .btn-primary:contains('Open Register')",
        run: "click",
    },
    {trigger: "body:not(:has(.modal))"},
];

function clickProduct(name) {
    return {
        trigger: `article.product .product-name:contains('${name}')`,
        run: "click",
    };
}

const pay = [
    {trigger: ".product-screen .pay-order-button", run: "click"},
    {trigger: ".paymentmethods .paymentmethod:first", run: "click"},
    {trigger: ".payment-screen .validation-button.next", run: "click"},
    {
        content: "The order was sent",
        trigger: ".pos .receipt-screen",
        timeout: PATIENCE,
    },
];

tours.add("qms_cashier_types_a_held_lot", {
    steps: () => [
        ...openRegister,
        clickProduct("Yoghurt of the tour"),
        {
            content: "The held lot is not offered",
            trigger:
                ".o-autocomplete--dropdown-menu:contains('FREE-1'):not(:contains('HELD'))",
        },
        {trigger: ".modal .o-autocomplete input", run: "edit HELD"},
        {
            trigger:
                ".o-autocomplete--dropdown-item a:contains('Create Lot/Serial number')",
        },
        {trigger: ".modal .o-autocomplete input", run: "press Enter"},
        {trigger: ".modal .modal-footer .btn-primary:contains('Apply')", run: "click"},
        {
            content: "Its name is refused, with the reason",
            trigger:
                ".modal .modal-body:contains('HELD: On hold · Mould on the lid, since')",
        },
        {
            trigger:
                ".modal .modal-body:contains('Take other goods, or ask for the release.')",
        },
        {trigger: ".modal .modal-footer .btn-primary", run: "click"},
        {content: "No line was made", trigger: ".product-screen:not(:has(.orderline))"},
        clickProduct("Yoghurt of the tour"),
        {
            trigger: ".o-autocomplete--dropdown-item a:contains('FREE-1')",
            run: "click",
        },
        {trigger: ".modal .modal-footer .btn-primary:contains('Apply')", run: "click"},
        {trigger: ".orderline:contains('Yoghurt of the tour'):contains('FREE-1')"},
        ...pay,
    ],
});

tours.add("qms_cashier_sells_held_goods", {
    steps: () => [
        ...openRegister,
        clickProduct("Salt"),
        {trigger: ".orderline:contains('Salt')"},
        ...pay,
    ],
});
