// @ts-check
"use strict";

const { asText } = require("./parse/column.js");

/**
 * The handlers of Parse's triggers, with those of the app's own inside.
 * @param {import("./deployment.js").Deployment} deployment
 * @param {import("./options.js").HostOptions} options
 * @returns {import("./register.js").Triggers}
 */
function triggerHandlers(deployment, options) {
  const { beforeLogin, afterLogin, beforeSaveUser } = options;
  return {
    async beforeLogin(request) {
      await deployment.run(request, (core, caller) =>
        core.nativeSignIn(request.object.id, caller),
      );
      await beforeLogin?.(request);
    },

    afterLogin,

    async beforeSaveUser(request) {
      const { object, original } = request;
      // The app's own handler runs first: the core has to judge the user as that handler leaves it.
      const answer = await beforeSaveUser?.(request);
      const change = {
        user: original?.id ?? null,
        phoneNumber: object.dirty("phone_number")
          ? (asText(object.get("phone_number")) ?? "")
          : null,
        password: object.dirty("password"),
        sender: object.dirty("From"),
      };
      await deployment.run(request, (core, caller) =>
        core.changeUser(change, caller),
      );
      return answer;
    },
  };
}

module.exports = { triggerHandlers };
