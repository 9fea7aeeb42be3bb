import {Component, onWillStart, useState} from "@odoo/owl";
import {KeepLast} from "@web/core/utils/concurrency";
import {Layout} from "@web/search/layout";
import {MatrixCell} from "./matrix_cell";
import {Pager} from "@web/core/pager/pager";
import {RecordSelector} from "@web/core/record_selectors/record_selector";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {usePopover} from "@web/core/popover/popover_hook";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";

export const ICONS = {
    free: "fa-minus",
    met: "fa-check",
    recorded: "fa-check-circle-o",
    waits: "fa-clock-o",
    approval: "fa-exclamation",
    blocked: "fa-times",
    held: "fa-lock",
};

/** Lots in stock and customers: which lot meets what whom demands. */
export class Matrix extends Component {
    static template = "qms_quality.Matrix";
    static components = {Layout, Pager, RecordSelector};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.popover = usePopover(MatrixCell, {
            position: "bottom",
        });
        this.keepLast = new KeepLast();
        this.icons = ICONS;
        this.display = {controlPanel: {}};
        this.selectors = [
            {name: "product_id", model: "product.product", label: _t("Product")},
            {name: "categ_id", model: "product.category", label: _t("Category")},
            {
                name: "customer_tag_id",
                model: "res.partner.category",
                label: _t("Customer tag"),
            },
            {
                name: "location_id",
                model: "stock.location",
                label: _t("Place"),
                domain: [["usage", "=", "internal"]],
            },
        ];
        const saved = this.props.state?.filters;
        this.state = useState({filters: saved || {}, data: null});
        useSetupAction({getLocalState: () => ({filters: {...this.state.filters}})});
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.keepLast.add(
            this.orm.call("qms.qrs", "get_matrix", [{...this.state.filters}])
        );
    }

    get groups() {
        const groups = [];
        this.state.data.lots.forEach((lot, index) => {
            if (groups.at(-1)?.product !== lot.product) {
                groups.push({key: lot.id, product: lot.product, rows: []});
            }
            groups.at(-1).rows.push({lot, outcomes: this.state.data.rows[index]});
        });
        return groups;
    }

    get outcomes() {
        return Object.entries(this.state.data.outcomes);
    }

    formatFree(lot) {
        return `${formatFloat(lot.free, {trailingZeros: false})} ${lot.unit}`;
    }

    getCellText(lot, customer, outcome) {
        return `${lot.name}, ${customer.name}: ${this.state.data.outcomes[outcome]}`;
    }

    /** Change a filter; whatever it is, the first page shows again. */
    setFilter(name, value) {
        Object.assign(this.state.filters, {
            [name]: value,
            lot_offset: 0,
            customer_offset: 0,
        });
        return this.load();
    }

    onPage(name, offset) {
        this.state.filters[name] = offset;
        return this.load();
    }

    onCell(ev, lot, customer) {
        this.popover.open(ev.currentTarget, {
            lot,
            customer,
            filters: {...this.state.filters},
            open: (model, id) => this.open(model, id),
        });
    }

    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("qms_qrs_matrix", Matrix);
