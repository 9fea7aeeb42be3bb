// Steps that several tours take

/**
 * Type into a many2one field and choose what it finds.
 *
 * @param {string} input selector of the field's input
 * @param {string} name what to type and to choose
 */
export function chooseFrom(input, name) {
    return [
        {trigger: input, run: `edit ${name}`},
        {trigger: `.ui-autocomplete a:contains('${name}')`, run: "click"},
    ];
}
