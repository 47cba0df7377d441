// @ts-check
"use strict";

const { afterwards, beforehand } = require("./own-trigger.js");
const { emailOf, numberOf, senderOf } = require("./parse/column.js");
const { carriedLinks } = require("./parse/links.js");
const { presentedTo } = require("./parse/presented.js");
const {
  isCheck,
  noteCreated,
  stopCreation,
} = require("./parse/provider-sign-in.js");
const { answerTo, keepAnswers } = require("./parse/save-response.js");
const { hold, release } = require("./saves.js");

/**
 * The handlers of Parse's triggers, with those of the app's own inside.
 * @param {import("./deployment.js").Deployment} deployment
 * @param {import("./options.js").HostOptions} options
 * @returns {import("./register.js").Triggers}
 */
function triggerHandlers(deployment, { triggers: own, columns }) {
  if (!own.afterSaveUser) keepAnswers(deployment.Parse);
  const beforeLogin = beforehand(own.beforeLogin);
  const beforeSaveUser = beforehand(own.beforeSaveUser);
  const beforeDeleteUser = beforehand(own.beforeDeleteUser);
  const afterSaveUser = afterwards("afterSaveUser", own.afterSaveUser);
  const afterDeleteUser = afterwards("afterDeleteUser", own.afterDeleteUser);
  return {
    ...own,

    beforeLogin: {
      ...beforeLogin,
      async handler(request) {
        // The app's own handler runs when a session opens, and this opens none.
        if (await isCheck(deployment.Parse, request)) return;
        await deployment.run(request, (core, caller) =>
          core.nativeSignIn(request.object.id, presentedTo(request), caller),
        );
        await beforeLogin.run(request);
      },
    },

    beforeSaveUser: {
      ...beforeSaveUser,
      async handler(request) {
        stopCreation(deployment.Parse, request);
        // The app's own handler runs first: the core has to judge the user as that handler leaves it.
        const answer = await beforeSaveUser.run(request);
        await judgeChange(deployment, columns, request);
        return answer;
      },
    },

    afterSaveUser: {
      async handler(request) {
        // Ours runs first, whatever becomes of the app's.
        noteCreated(request);
        deployment.columns.saved(request.object);
        for (const change of release(request, columns)) {
          await deployment.run(byOwner(request), (core, caller) =>
            core.userSaved(change, caller),
          );
        }
        return own.afterSaveUser
          ? afterSaveUser.run(request)
          : answerTo(request.object);
      },
    },

    beforeDeleteUser: {
      ...beforeDeleteUser,
      async handler(request) {
        const { id } = request.object;
        await deployment.run(request, (core, caller) =>
          core.deleteUser(id, deployment.idsComeBack, caller),
        );
        await beforeDeleteUser.run(request);
      },
    },

    afterDeleteUser: {
      async handler(request) {
        const { id } = request.object;
        await deployment.run(request, (core, caller) =>
          core.userDeleted(id, deployment.idsComeBack, caller),
        );
        return afterDeleteUser.run(request);
      },
    },
  };
}

/**
 * Has the core judge a save, and takes out of it what must not be written.
 * @param {import("./deployment.js").Deployment} deployment
 * @param {Readonly<import("./parse/columns.js").Columns>} columns
 * @param {any} request the trigger's
 */
async function judgeChange(deployment, columns, request) {
  const { object, original } = request;
  const change = {
    user: original?.id ?? null,
    phoneNumber: carried(object, columns.phoneNumber, numberOf),
    leavesNumber: deployment.columns.leavesNumber(object),
    password: object.dirty("password"),
    sender: carried(object, columns.from, senderOf),
    email: carried(object, "email", emailOf),
    links: carriesAuthData(object)
      ? carriedLinks(object.get("authData"))
      : null,
    acl: object.dirty("ACL"),
    customId: original ? null : (object.id ?? null),
  };
  const { unchanged, phoneNumber, letThrough } =
    /** @type {{ unchanged: import("../pkg/parse_two_factor.cjs").UserColumn[], phoneNumber?: string, letThrough?: import("./saves.js").LetThrough }} */ (
      await deployment.run(request, (core, caller) =>
        core.changeUser(change, caller),
      )
    );
  for (const what of unchanged) object.revert(columns[what]);
  // A column of another type takes no text.
  if (phoneNumber && typeof object.get(columns.phoneNumber) === "string") {
    object.set(columns.phoneNumber, phoneNumber);
  }
  if (letThrough) hold(request, letThrough);
}

/**
 * The request of a save, as one of the user who was saved. A sign-up comes without a session: Parse has just opened it, and it stands in the
 * new user.
 * @param {any} request of `afterSave`
 */
function byOwner(request) {
  return request.original ? request : { ...request, user: request.object };
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
