import {
    Component,
    onWillStart,
    onWillUnmount,
    useEffect,
    useExternalListener,
    useState,
} from "@odoo/owl";
import {Associations} from "./associations";
import {Layout} from "@web/search/layout";
import {ScanField} from "./scan_field";
import {TrackingModel} from "./tracking_model";
import {_t} from "@web/core/l10n/translation";
import {formatQuantity, getStatusLabel} from "./formats";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/** Which component went into which product, registered by scan. */
export class ComponentsPage extends Component {
    static template = "qms_traceability.ComponentsPage";
    static components = {Associations, Layout, ScanField};
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.formatQuantity = formatQuantity;
        this.getStatusLabel = getStatusLabel;
        this.model = useState(new TrackingModel(this.orm, this.orderId));
        this.state = useState({isReviewing: false});
        useExternalListener(window, "online", () => this.model.send());
        onWillStart(() => this.load());
        // an order gets another name when a part of it is reported
        useEffect(
            (name) => this.env.config.setDisplayName(_t("Track Components: %s", name)),
            () => [this.order.name]
        );
        onWillUnmount(() => this.model.stop());
    }

    get orderId() {
        const {context, params} = this.props.action;
        return context.active_id || params?.production_id || false;
    }

    async load() {
        await this.model.load();
        // what was scanned before a reload goes on
        this.model.send();
    }

    // -- What is shown ----------------------------------------------------------------

    get order() {
        return this.model.data.order;
    }

    get label() {
        const {question} = this.model;
        if (question) {
            return _t("Quantity of %s (%s)", question.lot, question.unit);
        }
        return _t("Type or scan serial or batch number");
    }

    get placeholder() {
        const {question, mode, component} = this.model;
        if (question) {
            return formatQuantity(question.quantity);
        }
        if (mode === "product") {
            return this.order.product;
        }
        return component ? component.product : _t("Component");
    }

    /** The colour of what became of the last scan. */
    get colour() {
        const colours = {
            accepted: "success",
            selected: "info",
            quantity: "info",
            undone: "warning",
        };
        return colours[this.model.answer?.outcome] || "danger";
    }

    // -- Buttons ----------------------------------------------------------------------

    async onNewNumber() {
        const number = await this.orm.call("mrp.production", "qms_get_next_number", [
            [this.orderId],
        ]);
        this.model.setMode("product");
        return this.model.take(number);
    }

    async toggleReview() {
        this.state.isReviewing = !this.state.isReviewing;
        await this.model.refresh();
    }

    openOrder() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "mrp.production",
            res_id: this.orderId,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("qms_track_components", ComponentsPage);
