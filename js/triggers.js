// @ts-check
"use strict";

const { numberOf } = require("./parse/column.js");

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
      refuseUnsaveable(deployment.Parse, object);
      // The app's own handler runs first: the core has to judge the user as that handler leaves it.
      const answer = await beforeSaveUser?.(request);
      const change = {
        user: original?.id ?? null,
        phoneNumber: object.dirty("phone_number")
          ? numberOf(object.get("phone_number"))
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

/**
 * Refuses an object with a value that cannot be written, such as an invalid date. Where there is a `beforeSave`, Parse Server writes the
 * object outside of any `catch` once the handler has run or refused, and the process ends: so what cannot be written has to go.
 * @param {any} Parse
 * @param {any} object
 * @throws {Error} Parse's 111
 */
function refuseUnsaveable(Parse, object) {
  try {
    object.toJSON();
  } catch {
    object.revert();
    throw new Parse.Error(111, "A value of the user cannot be saved.");
  }
}

module.exports = { triggerHandlers };
