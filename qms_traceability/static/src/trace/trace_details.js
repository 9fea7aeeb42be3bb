import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/views/fields/formatters";
import {formatQuantity} from "./trace_graph";
import {useService} from "@web/core/utils/hooks";

const MOST = 50;

/** What is known of a node or link that was chosen. */
export class TraceDetails extends Component {
    static template = "qms_traceability.TraceDetails";
    static props = {
        model: Object,
        chosen: String,
        onChoose: Function,
        onTraceFrom: Function,
        onClose: Function,
    };

    setup() {
        this.action = useService("action");
        this.model = useState(this.props.model);
        this.state = useState({sections: [], isLoading: false});
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((props) => this.load(props));
    }

    get node() {
        return this.model.getNode(this.props.chosen);
    }

    get link() {
        return this.model.data.links.find(({id}) => id === this.props.chosen);
    }

    get linkSides() {
        const {into, out} = this.model.getLinks(this.props.chosen);
        return [
            {
                name: "into",
                label: this.intoLabel,
                links: into.slice(0, MOST),
                more: into.length - MOST,
            },
            {
                name: "out",
                label: this.outLabel,
                links: out.slice(0, MOST),
                more: out.length - MOST,
            },
        ].filter(({links}) => links.length);
    }

    get intoLabel() {
        return this.node.kind === "customer" ? _t("Received") : _t("Made of");
    }

    get outLabel() {
        return this.node.kind === "supplier" ? _t("Supplied") : _t("Went into");
    }

    get isFolded() {
        return this.model.isFolded(this.props.chosen);
    }

    get canFold() {
        return this.model.canFold(this.props.chosen);
    }

    async load({model, chosen}) {
        const node = model.getNode(chosen);
        if (node?.id === this.loadedFor) {
            return;
        }
        this.loadedFor = node?.id;
        this.state.sections = [];
        if (node?.lot_id) {
            this.state.isLoading = true;
            const sections = await model.loadDetails(node.lot_id);
            if (this.loadedFor === node.id) {
                Object.assign(this.state, {sections, isLoading: false});
            }
        }
    }

    formatQuantity(quantity, uom) {
        return formatQuantity(quantity, uom);
    }

    formatShare(share) {
        return `${formatFloat(share * 100, {digits: [16, 1], trailingZeros: false})} %`;
    }

    formatDate(date) {
        return date ? formatDateTime(deserializeDateTime(date.replace("T", " "))) : "";
    }

    openDocument({model, id}) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openNode() {
        const {lot_id: lotId, product_id: productId, partner_id: partnerId} = this.node;
        if (lotId) {
            return this.openDocument({model: "stock.lot", id: lotId});
        }
        return partnerId
            ? this.openDocument({model: "res.partner", id: partnerId})
            : this.openDocument({model: "product.product", id: productId});
    }

    onToggle() {
        this.model.toggle(this.props.chosen);
    }

    onOpenGroup() {
        const {chosen} = this.props;
        this.props.onClose();
        return this.model.open(chosen);
    }
}
