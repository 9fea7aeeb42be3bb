import {ReasonDialog} from "./reason_dialog";
import {registry} from "@web/core/registry";
import {rpc} from "@web/core/network/rpc";

const REASON_REQUIRED =
    "odoo.addons.qms_quality.models.evidence.reason_required.ReasonRequired";

/**
 * Where the server refuses a call for want of a reason, ask for it and call again.
 *
 * It stands below the views, so that forms, lists, kanbans, buttons and dialogs all ask
 * in the same way.
 */
export const reasonService = {
    dependencies: ["dialog"],

    start(env, {dialog}) {
        const send = rpc._rpc;

        function ask(error) {
            return new Promise((resolve, reject) => {
                dialog.add(
                    ReasonDialog,
                    {message: error.data.message.split("\n")[0], confirm: resolve},
                    {onClose: () => reject(error)}
                );
            });
        }

        async function sendAgain(error, url, params, settings) {
            const reason = await ask(error);
            const context = {...params.kwargs.context, qms_reason: reason};
            const kwargs = {...params.kwargs, context};
            return rpc._rpc(url, {...params, kwargs}, settings);
        }

        rpc._rpc = function (url, params, settings) {
            const sent = send(url, params, settings);
            if (!params || !params.kwargs) {
                return sent;
            }
            const answer = sent.catch((error) => {
                if (error.exceptionName !== REASON_REQUIRED) {
                    throw error;
                }
                return sendAgain(error, url, params, settings);
            });
            answer.abort = (...args) => sent.abort(...args);
            return answer;
        };
    },
};

registry.category("services").add("qms_reason", reasonService);
