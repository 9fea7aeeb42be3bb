import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {onMounted} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {rpc} from "@web/core/network/rpc";

const PASSKEYS = "@auth_passkey/../lib/simplewebauthn";
const SIGN_BUTTONS = ["action_sign", "action_set"];
const TYPED = ["login", "secret", "pin", "code", "again"];

/**
 * A dialog that takes a credential. What is typed is sent as an argument of the
 * button: it is never saved with the form, and forgotten as soon as it is sent.
 */
export class SignFormController extends FormController {
    setup() {
        super.setup();
        onMounted(() => {
            const root = this.rootRef.el;
            root.addEventListener("keydown", (ev) => this.onEnter(ev));
            const first = [...root.querySelectorAll(".o_qms_credential input")];
            first.find((input) => !input.value)?.focus();
        });
    }

    /**
     * Enter in a credential's field signs.
     *
     * @param {KeyboardEvent} ev
     */
    onEnter(ev) {
        if (ev.key !== "Enter" || !ev.target.closest(".o_qms_credential")) {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        const dialog = this.rootRef.el.closest(".modal");
        dialog?.querySelector(".modal-footer button.o_qms_sign")?.click();
    }

    async beforeExecuteActionButton(clickParams) {
        if (!SIGN_BUTTONS.includes(clickParams.name)) {
            return super.beforeExecuteActionButton(clickParams);
        }
        const credential = await this.takeCredential();
        if (!credential) {
            return false;
        }
        const saved = await super.beforeExecuteActionButton(clickParams);
        if (saved !== false) {
            // Odoo reads single quotes as double ones here
            const args = JSON.stringify([credential]);
            clickParams.args = args.replaceAll("'", "\\u0027");
        }
        return saved;
    }

    async afterExecuteActionButton(clickParams) {
        delete clickParams.args;
        return super.afterExecuteActionButton(clickParams);
    }

    /**
     * Take what was typed out of the form.
     *
     * @returns {Object|undefined} the credential; nothing if the signer gave up
     */
    async takeCredential() {
        const root = this.model.root;
        await root.isDirty();
        const credential = {method: root.data.method || ""};
        const empty = {};
        for (const name of TYPED.filter((one) => one in root.activeFields)) {
            credential[name] = root.data[name] || "";
            empty[name] = false;
        }
        await root.update(empty);
        if (credential.method === "pin") {
            credential.secret = credential.pin;
        }
        if (credential.method === "passkey") {
            credential.secret = await this.askPasskey();
        }
        return credential.method === "passkey" && !credential.secret
            ? undefined
            : credential;
    }

    async askPasskey() {
        const passkeys = odoo.loader.modules.get(PASSKEYS);
        const options = await rpc("/auth/passkey/start-auth");
        try {
            return JSON.stringify(await passkeys.startAuthentication(options));
        } catch {
            // The signer closed the browser's dialog
            return "";
        }
    }
}

registry.category("views").add("qms_sign_form", {
    ...formView,
    Controller: SignFormController,
});
