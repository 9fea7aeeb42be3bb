import {Component, onWillStart, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";

/** What a customer demands of a lot, and what it lacks. */
export class MatrixCell extends Component {
    static template = "qms_quality.MatrixCell";
    static props = {
        lot: Object,
        customer: Object,
        filters: Object,
        open: Function,
        close: {type: Function, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({cell: null});
        onWillStart(async () => {
            const {lot, customer, filters} = this.props;
            this.state.cell = await this.orm.call("qms.qrs", "get_matrix_cell", [
                lot.id,
                customer.id,
                filters,
            ]);
        });
    }

    onCard() {
        this.props.open("qms.qrs", this.state.cell.card[0]);
    }
}
