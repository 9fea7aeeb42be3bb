import {onMounted} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {X2ManyField, x2ManyField} from "@web/views/fields/x2many/x2many_field";
import {ListRenderer} from "@web/views/list/list_renderer";

const VALUE = "value";

/**
 * Readings are entered one below the other: Tab and Enter go to the next reading, past
 * the unit and the note, and from the last one to the button that validates.
 */
export class ReadingsListRenderer extends ListRenderer {
    setup() {
        super.setup();
        onMounted(() => this.editFirstEmpty());
    }

    get canEdit() {
        return Boolean(this.props.editable) && !this.props.readonly;
    }

    editFirstEmpty() {
        const empty = this.props.list.records.find(
            (record) => !record.data.is_recorded && !record.data.is_automatic
        );
        if (this.canEdit && empty) {
            this.editReading(empty);
        }
    }

    editReading(record) {
        const column = this.columns.find((col) => col.name === VALUE);
        this.cellToFocus = {column, record, forward: true};
        return this.props.list.enterEditMode(record);
    }

    onCellKeydownEditMode(hotkey, cell, group, record) {
        const step = {tab: 1, enter: 1, "shift+tab": -1}[hotkey];
        if (!step || cell.getAttribute("name") !== VALUE) {
            return super.onCellKeydownEditMode(...arguments);
        }
        // what is worked out is passed over
        const records = this.props.list.records.filter(
            (other) => !other.data.is_automatic
        );
        const next = records[records.indexOf(record) + step];
        if (next) {
            this.editReading(next);
            return true;
        }
        return step > 0 ? this.leaveLast() : super.onCellKeydownEditMode(...arguments);
    }

    leaveLast() {
        const form = this.tableRef.el.closest(".o_form_view");
        const button = form?.querySelector("button[name='action_validate']");
        if (!button) {
            return false;
        }
        this.props.list.leaveEditMode();
        button.focus();
        return true;
    }
}

export class ReadingsField extends X2ManyField {
    static components = {...X2ManyField.components, ListRenderer: ReadingsListRenderer};
}

registry.category("fields").add("qms_readings", {
    ...x2ManyField,
    component: ReadingsField,
    additionalClasses: [...(x2ManyField.additionalClasses || []), "o_field_one2many"],
});
