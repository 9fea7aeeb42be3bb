import {ConnectionLostError} from "@web/core/network/rpc";
import {TrackingStore} from "./tracking_store";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {parseFloat} from "@web/views/fields/parsers";
import {playOutcome} from "./sounds";
import {uuid} from "@web/core/utils/strings";

const MODEL = "mrp.production";
const RETRY_AFTER = 3000;

function parseQuantity(text) {
    try {
        const quantity = parseFloat(text);
        return quantity > 0 && Number.isFinite(quantity) ? quantity : null;
    } catch {
        return null;
    }
}

/**
 * What is registered of one order, and what was scanned but isn't registered yet.
 *
 * Whatever the worker does is put into one queue, and done in its turn: a scanner is
 * faster than the server, and what a scan is about depends on the one before. A scan
 * keeps its identifier until the server has answered, over reloads and lost connections,
 * so that it is registered exactly once.
 */
export class TrackingModel {
    constructor(orm, orderId) {
        this.orm = orm;
        this.orderId = orderId;
        this.store = new TrackingStore(orderId);
        this.data = null;
        this.components = [];
        this.queue = this.store.getScans();
        this.question = null;
        this.answer = null;
        this.answers = 0;
        this.isOffline = false;
        this.isSending = false;
        this.isLeft = false;
        this.mode = "product";
        this.productId = false;
        this.componentId = false;
    }

    // -- What is shown ----------------------------------------------------------------

    async load() {
        this.data = await this.orm.call(MODEL, "qms_get_tracked", [[this.orderId]]);
        const {mode, productId, componentId} = this.store.getPlace();
        if (this.data.products.some(({id}) => id === productId)) {
            Object.assign(this, {mode, productId, componentId});
            await this.loadComponents();
        }
    }

    /** Take over what others registered meanwhile. */
    async refresh() {
        this.data = await this.orm.call(MODEL, "qms_get_tracked", [[this.orderId]]);
        if (!this.product) {
            this.choose(false, "product");
        }
        await this.loadComponents();
    }

    async loadComponents() {
        this.components = this.productId
            ? await this.orm.call(MODEL, "qms_get_tracked_components", [
                  [this.orderId],
                  this.productId,
              ])
            : [];
    }

    get product() {
        return this.data.products.find(({id}) => id === this.productId);
    }

    get component() {
        return this.components.find(({id}) => id === this.componentId);
    }

    /** How many finished products are still to be registered. */
    get missing() {
        const registered = this.data.products.reduce(
            (sum, {quantity}) => sum + quantity,
            0
        );
        return Math.max(this.data.started - registered, 0);
    }

    get completed() {
        return this.data.products.filter(({status}) => status === "completed").length;
    }

    get scans() {
        return this.queue.filter(({kind}) => kind !== "place");
    }

    // -- What the worker does ---------------------------------------------------------

    /** Take what was scanned or typed: a number, or the quantity that was asked for. */
    take(code) {
        if (this.question) {
            return this.takeQuantity(code);
        }
        return this.add({kind: "scan", code});
    }

    undo() {
        return this.add({kind: "undo"});
    }

    setMode(mode) {
        return this.add({kind: "place", mode});
    }

    chooseProduct(productId) {
        return this.add({kind: "place", mode: "component", productId});
    }

    chooseComponent(componentId) {
        return this.add({kind: "place", mode: "component", componentId});
    }

    add(entry) {
        if (this.question) {
            // whoever goes elsewhere gives up what he was asked about
            this.cancelQuestion();
        }
        const full = {...entry, id: uuid(), time: Date.now()};
        this.queue.push(full);
        if (entry.kind !== "place") {
            this.store.keep(full);
        }
        return this.send();
    }

    takeQuantity(text) {
        const {entry, lot, quantity} = this.question;
        const value = text ? parseQuantity(text) : quantity;
        this.question = null;
        if (!value) {
            this.store.drop(entry);
            this.show({
                outcome: "refused",
                message: _t("“%s” is no quantity: scan %s again.", text, lot),
            });
            return this.send();
        }
        this.queue.unshift({...entry, quantity: value});
        return this.send();
    }

    cancelQuestion() {
        if (this.question) {
            const {entry, lot} = this.question;
            this.store.drop(entry);
            this.question = null;
            this.show({outcome: "undone", message: _t("%s isn't registered.", lot)});
            return this.send();
        }
    }

    // -- Sending ----------------------------------------------------------------------

    /** Do what waits, one thing after the other. */
    send() {
        if (!this.isSending) {
            this.sending = this.sendAll();
        }
        return this.sending;
    }

    async sendAll() {
        this.isSending = true;
        try {
            while (this.queue.length && !this.question && (await this.sendNext()));
        } finally {
            this.isSending = false;
        }
    }

    /** Returns whether the next one can follow. */
    async sendNext() {
        const [entry] = this.queue;
        try {
            if (entry.kind === "place") {
                await this.setPlace(entry);
            } else {
                await this.sendScan(entry);
            }
            this.isOffline = false;
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                this.retryLater();
                return false;
            }
            this.drop(entry);
            if (!error.data) {
                throw error;
            }
            this.show({outcome: "refused", message: error.data.message});
        }
        return true;
    }

    async sendScan(entry) {
        // what it is about is kept, so that it is the same when it is sent again
        if (entry.kind === "scan" && !entry.mode) {
            const {mode, productId, componentId} = this;
            Object.assign(entry, {mode, product: productId, component: componentId});
            this.store.keep(entry);
        }
        const answer = await this.call(entry);
        this.drop(entry);
        if (answer.outcome === "quantity") {
            this.question = {...answer.question, entry};
            this.store.keep({...entry, quantity: null});
        }
        await this.accept(answer);
    }

    call({kind, id, code, mode, product, component, quantity}) {
        if (kind === "undo") {
            return this.orm.silent.call(MODEL, "qms_undo_scan", [[this.orderId], id]);
        }
        const scan = {id, code, mode, product, component, quantity};
        return this.orm.silent.call(MODEL, "qms_scan", [[this.orderId], scan]);
    }

    drop(entry) {
        this.queue.splice(this.queue.indexOf(entry), 1);
        this.store.drop(entry);
    }

    async setPlace({mode, productId, componentId}) {
        this.drop(this.queue[0]);
        if (productId !== undefined && productId !== this.productId) {
            this.choose(productId, mode);
            await this.loadComponents();
        } else {
            this.mode = mode;
            this.componentId = componentId ?? this.componentId;
            this.keepPlace();
        }
    }

    retryLater() {
        this.isOffline = true;
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.send(), RETRY_AFTER);
    }

    /** The page is left: opened again, not reloaded, it begins with a product. */
    stop() {
        browser.clearTimeout(this.timer);
        this.isLeft = true;
        this.store.dropPlace();
    }

    // -- Answers ----------------------------------------------------------------------

    async accept(answer) {
        const {product, components, mode, version} = answer;
        this.show(answer);
        if (product) {
            this.putProduct(product);
            this.choose(product.state === "removed" ? false : product.id, mode);
            this.components = components;
            if (this.component && !this.component.remaining) {
                this.componentId = false;
            }
        }
        this.keepPlace();
        const isBehind = version > this.data.version + 1;
        this.data.version = Math.max(version, this.data.version);
        if (isBehind) {
            await this.refresh();
        }
    }

    putProduct(product) {
        const {products} = this.data;
        const index = products.findIndex(({id}) => id === product.id);
        if (product.state === "removed") {
            products.splice(index, index < 0 ? 0 : 1);
        } else if (index < 0) {
            products.push(product);
        } else {
            products[index] = product;
        }
    }

    choose(productId, mode) {
        if (productId !== this.productId) {
            this.componentId = false;
            this.components = [];
        }
        this.productId = productId;
        this.mode = mode;
        this.keepPlace();
    }

    keepPlace() {
        if (this.isLeft) {
            return;
        }
        const {mode, productId, componentId} = this;
        this.store.keepPlace({mode, productId, componentId});
    }

    show(answer) {
        this.answer = answer;
        this.answers++;
        playOutcome(answer.outcome);
    }
}
