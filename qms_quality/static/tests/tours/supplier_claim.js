import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function fill(name, text) {
    return {
        trigger: `.o_qms_supplier_claim textarea[name=${name}]`,
        run: `edit ${text}`,
    };
}

tours.add("qms_vendor_answers", {
    steps: () => [
        {
            content: "What is addressed to the company is on its home page",
            trigger: "a[href='/my/supplier-claims']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "td:contains('Stem pieces in the fruit')",
        },
        {
            trigger: "table a[href*='/my/supplier-claims/']",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".o_qms_supplier_claim:contains('3 of 5 samples')"},
        fill("answer_containment", "Stock blocked"),
        {
            trigger: ".o_qms_supplier_claim button[value=save]",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".alert-success:contains('Saved')"},
        fill("answer_cause", "The sieve was torn"),
        fill("answer_correction", "New sieve"),
        {
            trigger: ".o_qms_supplier_claim button[value=send]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What is missing is named, and nothing is lost",
            trigger: ".alert-danger:contains('D7 Prevention')",
        },
        {
            trigger: "textarea[name=answer_cause]:value('The sieve was torn')",
        },
        fill("answer_prevention", "Looked at every morning"),
        {
            trigger: ".o_qms_supplier_claim button[value=send]",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".alert-success:contains('your answer has been sent')"},
        {
            content: "It can be read, and not changed any more",
            trigger:
                ".o_qms_supplier_claim:contains('The sieve was torn'):not(:has(textarea[name=answer_cause]))",
        },
    ],
});
