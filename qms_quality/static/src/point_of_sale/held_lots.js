import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {ConnectionLostError} from "@web/core/network/rpc";
import {PosStore} from "@point_of_sale/app/services/pos_store";
import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";

/**
 * A held lot is refused when it is chosen, typed or scanned. The server refuses it again
 * when the order is sent: this is for the cashier, before the customer pays.
 */
patch(PosStore.prototype, {
    async editLots(product) {
        const lots = await super.editLots(...arguments);
        if (!lots) {
            return lots;
        }
        const names = [
            ...Object.values(lots.modifiedPackLotLines ?? {}),
            ...(lots.newPackLotLines ?? []).map((lot) => lot.lot_name),
        ];
        return (await this.qmsMaySell(product, names)) ? lots : null;
    },

    async addLineToOrder(vals, order, opts = {}) {
        // Core doesn't ask for the lot where the scanned label names it
        if (opts.code?.type === "lot" && vals.product_id) {
            if (!(await this.qmsMaySell(vals.product_id, [opts.code.code]))) {
                return;
            }
        }
        return await super.addLineToOrder(...arguments);
    },

    async qmsMaySell(product, names) {
        const refusal = await this.qmsGetRefusal(product, names);
        if (refusal) {
            this.dialog.add(AlertDialog, {title: _t("Held Goods"), body: refusal});
        }
        return !refusal;
    },

    async qmsGetRefusal(product, names) {
        try {
            return await this.data.call("qms.point.of.sale", "get_refusal", [
                this.config.id,
                product.id,
                names,
            ]);
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                // Without a connection the till goes on selling, as core does
                return false;
            }
            throw error;
        }
    },
});
