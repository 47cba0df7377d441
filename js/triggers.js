// @ts-check
"use strict";

const { numberOf, senderOf } = require("./parse/column.js");
const { carriedLinks } = require("./parse/links.js");
const { presentedTo } = require("./parse/presented.js");
const { isCheck, stopCreation } = require("./parse/provider-sign-in.js");

/**
 * The handlers of Parse's triggers, with those of the app's own inside.
 * @param {import("./deployment.js").Deployment} deployment
 * @param {import("./options.js").HostOptions} options
 * @returns {import("./register.js").Triggers}
 */
function triggerHandlers(deployment, { triggers: own }) {
  return {
    ...own,

    beforeLogin: {
      ...own.beforeLogin,
      async handler(request) {
        // The app's own handler runs when a session opens, and this opens none.
        if (isCheck(request)) return;
        await deployment.run(request, (core, caller) =>
          core.nativeSignIn(request.object.id, presentedTo(request), caller),
        );
        await own.beforeLogin?.handler(request);
      },
    },

    beforeSaveUser: {
      ...own.beforeSaveUser,
      async handler(request) {
        stopCreation(deployment.Parse, request);
        // The app's own handler runs first: the core has to judge the user as that handler leaves it.
        const answer = await own.beforeSaveUser?.handler(request);
        await judgeChange(deployment, request);
        return answer;
      },
    },

    beforeDeleteUser: {
      ...own.beforeDeleteUser,
      async handler(request) {
        await deployment.run(request, (core, caller) =>
          core.deleteUser(request.object.id, caller),
        );
        await own.beforeDeleteUser?.handler(request);
      },
    },
  };
}

/**
 * Has the core judge a save, and takes out of it what must not be written.
 * @param {import("./deployment.js").Deployment} deployment
 * @param {any} request the trigger's
 */
async function judgeChange(deployment, request) {
  const { object, original } = request;
  const change = {
    user: original?.id ?? null,
    phoneNumber: carried(object, "phone_number", numberOf),
    password: object.dirty("password"),
    sender: carried(object, "From", senderOf),
    links: carriesAuthData(object)
      ? carriedLinks(object.get("authData"))
      : null,
  };
  const { unchanged } = /** @type {{ unchanged: string[] }} */ (
    await deployment.run(request, (core, caller) =>
      core.changeUser(change, caller),
    )
  );
  for (const column of unchanged) object.revert(column);
}

/**
 * Whether a save carries `authData`, or a part of it by a path.
 * @param {any} object
 */
function carriesAuthData(object) {
  return object
    .dirtyKeys()
    .some((/** @type {string} */ key) => key.split(".")[0] === "authData");
}

/**
 * What a save carries for a column, as text; an empty text where it removes the value, `null` where it does not carry the column.
 * @param {any} object
 * @param {string} column
 * @param {(value: unknown) => string} read
 */
function carried(object, column, read) {
  return object.dirty(column) ? read(object.get(column)) : null;
}

module.exports = { triggerHandlers };
