import {Component, useState} from "@odoo/owl";
import {BenchCell} from "./bench_cell";
import {isNumeric} from "./bench_value";

/**
 * The readings as a table: a line for each sample, or for each test where there are few
 * samples. It is drawn once; its cells follow what happens to them on their own.
 */
export class BenchGrid extends Component {
    static template = "qms_quality.BenchGrid";
    static components = {BenchCell};
    static props = {
        model: Object,
        byTest: Boolean,
        hasKeypad: Boolean,
        onActive: Function,
        onMove: Function,
        onDone: Function,
        onPaste: Function,
        onPicture: Function,
    };

    setup() {
        this.model = useState(this.props.model);
    }

    get columns() {
        return this.model.data.columns;
    }

    get rows() {
        return this.model.data.rows;
    }

    hasLimits(column) {
        return isNumeric(column) || column.type === "qualitative";
    }

    /** A test that is read once takes the place of all its samples. */
    getSpan(column) {
        const count = this.rows.filter(({cells}) => cells[column.test_id]).length;
        return this.props.byTest && count === 1 ? this.rows.length : 1;
    }
}
