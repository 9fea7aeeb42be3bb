import {registry} from "@web/core/registry";
import {Field} from "@web/views/fields/field";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component} from "@odoo/owl";

// The field that holds a value of each type, and what it is entered with
const FIELDS = {
    text: {name: "value_text"},
    integer: {name: "value_number", widget: "qms_optional_float"},
    decimal: {name: "value_number", widget: "qms_optional_float"},
    date: {name: "value_date"},
    boolean: {name: "value_boolean", widget: "boolean_toggle"},
    option: {name: "option_id"},
    country: {name: "country_id"},
};

/** The value of an attribute: as text, or entered in the field of its type. */
export class AttributeValueField extends Component {
    static template = "qms_quality.AttributeValueField";
    static components = {Field};
    static props = {...standardFieldProps};

    get entry() {
        return FIELDS[this.props.record.data.type];
    }

    get isEntered() {
        return Boolean(
            this.entry && !this.props.readonly && this.props.record.isInEdition
        );
    }

    get unit() {
        return this.props.record.data.uom_id?.display_name;
    }

    get text() {
        return this.props.record.data[this.props.name];
    }
}

export const attributeValueField = {
    component: AttributeValueField,
    supportedTypes: ["char"],
    isEmpty: () => false,
    // Named here, so that the names of records are read though no column shows them
    fieldDependencies: [
        {name: "type", type: "selection", readonly: true},
        {name: "uom_id", type: "many2one", readonly: true},
        {name: "option_id", type: "many2one", readonly: false},
        {name: "country_id", type: "many2one", readonly: false},
    ],
};

registry.category("fields").add("qms_attribute_value", attributeValueField);
