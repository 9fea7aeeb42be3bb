import {Component, useState} from "@odoo/owl";
import {formatQuantity, getStatusLabel} from "./formats";
import {_t} from "@web/core/l10n/translation";
import {parseFloat} from "@web/views/fields/parsers";
import {useAutofocus, useService} from "@web/core/utils/hooks";

const MODEL = "mrp.production";

/** What was registered, to be looked at and put right. */
export class Associations extends Component {
    static template = "qms_traceability.Associations";
    static props = {model: Object};

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.formatQuantity = formatQuantity;
        this.getStatusLabel = getStatusLabel;
        this.errorActions = {scrap: _t("Scrap"), nonconformance: _t("Nonconformance")};
        // on a tablet, too: what comes next is scanned or typed
        useAutofocus({refName: "newProduct", mobile: true});
        useAutofocus({refName: "newComponent", mobile: true});
        this.state = useState({
            products: {},
            registrations: {},
            newProduct: false,
            newComponent: false,
            isBusy: false,
        });
    }

    get model() {
        return this.props.model;
    }

    get registrations() {
        return this.model.components.flatMap((component) =>
            component.registrations.map((one) => ({...one, component}))
        );
    }

    getChosen(kind) {
        const chosen = this.state[kind];
        const shown =
            kind === "products" ? this.model.data.products : this.registrations;
        return shown.map(({id}) => id).filter((id) => chosen[id]);
    }

    // -- Calling the server -----------------------------------------------------------

    /** Do one thing at a time, and show what has become of it. */
    async call(method, args) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            return await this.orm.call(MODEL, method, [[this.model.orderId], ...args]);
        } finally {
            this.state.isBusy = false;
            await this.model.refresh();
        }
    }

    async callChosen(method, kind) {
        const ids = this.getChosen(kind);
        if (!ids.length) {
            this.notification.add(_t("Choose a row first."), {type: "warning"});
            return;
        }
        const action = await this.call(method, [ids]);
        this.state[kind] = {};
        if (action?.type) {
            await this.open(action);
        }
    }

    open(action) {
        return this.action.doAction(action, {onClose: () => this.model.refresh()});
    }

    read(text) {
        try {
            return parseFloat(text || "0");
        } catch {
            // the server says what a quantity is
            return -1;
        }
    }

    /** Enter in a field saves the new row, as the button does. */
    onEnter(ev, save) {
        if (ev.key === "Enter" && ev.target.matches("input")) {
            return save();
        }
    }

    // -- Finished products ------------------------------------------------------------

    chooseProduct(product) {
        return this.model.chooseProduct(product.id);
    }

    startProduct() {
        this.state.newProduct = {number: "", quantity: ""};
    }

    async saveProduct() {
        const {number, quantity} = this.state.newProduct;
        const made = await this.call("qms_create_product", [
            number.trim(),
            quantity ? this.read(quantity) : null,
        ]);
        this.state.newProduct = false;
        return this.chooseProduct(made);
    }

    async setQuantity(product, name, text) {
        const values = {...product, [name]: this.read(text)};
        if (product.quantity && name === "error" && this.isSerial) {
            values.good = product.quantity - values.error;
        }
        await this.setQuantities(values);
    }

    setQuantities({id, good, error, error_action: errorAction}) {
        return this.call("qms_set_quantities", [id, good, error, errorAction]);
    }

    get isSerial() {
        return this.model.data.order.tracking === "serial";
    }

    // -- Components -------------------------------------------------------------------

    startComponent() {
        const [component] = this.model.components;
        this.state.newComponent = {
            component: component?.id || false,
            number: "",
            quantity: "",
        };
    }

    async saveComponent() {
        const {component, number, quantity} = this.state.newComponent;
        await this.call("qms_create_component", [
            this.model.productId,
            Number(component),
            number.trim(),
            quantity ? this.read(quantity) : null,
        ]);
        this.state.newComponent = false;
    }

    async adjust() {
        const action = await this.call("qms_adjust_consumption", [
            this.model.productId,
        ]);
        if (action) {
            await this.open(action);
        }
    }
}
