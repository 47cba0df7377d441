// @ts-check
"use strict";

const { createRequire } = require("node:module");
const { hasPolicies, installed } = require("./parse-server");
const { answerForGitHub } = require("./github");
const { asked, providers } = require("./providers");

/**
 * What apps under test have of their own that no JSON carries to their process: `startApp` names one of these.
 *
 * @typedef {object} OwnCode
 * @property {object} [server] options of Parse Server
 * @property {(Parse: any) => object} [cloud] Cloud Code before our line; answers with options of `parse-two-factor`
 * @property {(server: import("express").Express) => void} [serve] what the app serves beside Parse
 */

/** @type {Record<string, OwnCode>} */
module.exports = {
  // Mounted as in cloud/app.js of an app.
  callback: {
    cloud: ({ serverURL }) => ({
      statusCallback: `${new URL(serverURL).origin}/callback`,
    }),
    serve(server) {
      server.use("/callback", require("parse-two-factor/callback")());
    },
  },

  "hides its users": {
    cloud(Parse) {
      Parse.Cloud.beforeFind(
        Parse.User,
        (/** @type {any} */ { query, user }) => {
          if (!user) query.equalTo("objectId", "none");
        },
      );
      return {};
    },
  },

  "lets no one find its users": {
    cloud(Parse) {
      Parse.Cloud.beforeFind(Parse.User, (/** @type {any} */ { user }) => {
        if (!user) throw "Sign in first.";
      });
      return {};
    },
  },

  // Once for each user, as soon as a row with the column `interruption` is read: amid a call, right after the attempt was counted.
  "interrupts a sign-in": {
    cloud(Parse) {
      const asMaster = { useMasterKey: true };
      /** @type {Record<string, (user: any) => Promise<unknown>>} */
      const interruptions = {
        reset: ({ id }) =>
          Parse.Cloud.run("resetTwoFactor", { userId: id }, asMaster),
        password: ({ id }) =>
          Parse.User.createWithoutData(id).save(
            { password: "a new password" },
            asMaster,
          ),
      };
      const done = new Set();
      const [file] = Object.keys(require.cache).filter((name) =>
        name.endsWith("DatabaseController.js"),
      );
      const { prototype } = require(file).default ?? require(file);
      const { find } = prototype;
      prototype.find = async function (/** @type {any[]} */ ...args) {
        const rows = await find.apply(this, args);
        for (const { objectId, interruption } of rows) {
          if (!interruptions[interruption] || done.has(objectId)) continue;
          done.add(objectId);
          await interruptions[interruption]({ id: objectId });
        }
        return rows;
      };
      return {};
    },
  },

  // A save of a user with the column `begun` waits while somebody begins a sign-in by what is in the row still. `begun` holds a name and
  // a password, and then the challenge. With a third word the process dies right after Parse's write.
  "begins a sign-in amid a save": {
    cloud(Parse) {
      const [file] = Object.keys(require.cache).filter((name) =>
        name.endsWith("DatabaseController.js"),
      );
      const { prototype } = require(file).default ?? require(file);
      const { update } = prototype;
      prototype.update = async function (/** @type {any[]} */ ...args) {
        const [className, , change, , , validateOnly] = args;
        if (className !== "_User" || validateOnly || !change.begun) {
          return update.apply(this, args);
        }
        const [username, password, end] = change.begun.split(" ");
        const begun = await Parse.Cloud.run("login", { username, password });
        change.begun = begun.challenge;
        const answer = await update.apply(this, args);
        if (end) process.kill(process.pid, "SIGKILL");
        return answer;
      };
      return {};
    },
  },

  "writes the number itself": {
    cloud: () => ({
      beforeSaveUser: (/** @type {any} */ { object }) => {
        const given = object.get("mobile") ?? object.get("phone_number");
        const number = given?.replace(/[^+\d]/g, "");
        if (number && number !== object.get("phone_number")) {
          object.set("phone_number", number);
        }
      },
    }),
  },

  "validates saves and deletions": {
    cloud: () => ({
      beforeSaveUser: [
        () => {},
        (/** @type {any} */ { object }) => {
          const isRefused = object.get("nickname") === "refused";
          if (isRefused || object.get("username") === "nobody") throw "No.";
        },
      ],
      beforeDeleteUser: [() => {}, { requireMaster: true }],
    }),
  },

  "saves an invalid date": {
    cloud: () => ({
      beforeSaveUser: (/** @type {any} */ { object }) => {
        if (object.get("nickname") === "invalid") {
          object.set("profile", { at: new Date(NaN) });
        }
      },
    }),
  },

  "waits for its event hook forever": {
    cloud: () => ({ onEvent: () => new Promise(() => {}) }),
  },

  "has adapters of every policy": {
    server: {
      auth: {
        extra: { module: adapter("additional") },
        alone: { module: adapter("solo") },
        plain: { module: adapter("default") },
        ...(hasPolicies && { mfa: { options: ["TOTP"] } }),
      },
    },
  },

  "has Parse's own second factor": {
    server: {
      auth: { mfa: { options: ["SMS", "TOTP"], sendSMS: async () => {} } },
    },
  },

  "signs in by providers": {
    server: { auth: providers() },
    cloud(Parse) {
      // How often each of them was asked, by provider.
      Parse.Cloud.define("asked", () => ({ ...asked }));
      return {
        // The answer to a save is the app's to change.
        afterSaveUser: (/** @type {any} */ { object }) =>
          object.get("answers") === "JSON" ? { any: "JSON" } : undefined,
        // What an app does with its new users: it gives a second factor to them, marks them, or refuses them.
        beforeSaveUser: (/** @type {any} */ { object }) => {
          const { demo } = object.get("authData") ?? {};
          if (!object.isNew() || !demo?.id) return;
          if (demo.id.startsWith("+")) object.set("phone_number", demo.id);
          if (demo.id.startsWith("json-")) object.set("answers", "JSON");
          if (demo.id.startsWith("refused-")) throw "By invitation only.";
        },
      };
    },
  },

  // With Parse Server's own adapter, and GitHub's part of it answered in this process.
  "signs in by GitHub": {
    server: { auth: { github: { clientId: "app", clientSecret: "secret" } } },
    cloud(Parse) {
      const exchanged = answerForGitHub();
      Parse.Cloud.define("exchanged", () => exchanged);
      return {};
    },
  },

  "has lost the rule that opens no session for Cloud Code": {
    server: { auth: providers() },
    cloud() {
      const RestWrite = installed("parse-server/lib/RestWrite");
      const { prototype } = RestWrite.default ?? RestWrite;
      const { createSessionToken } = prototype;
      /** @this {any} */
      prototype.createSessionToken = function () {
        const { storage } = this;
        storage.asked = true;
        const auth = { ...this.auth, installationId: "another" };
        return createSessionToken.call(
          Object.assign(Object.create(this), { auth }),
        );
      };
      return {};
    },
  },

  "hides the handler of its login": {
    cloud() {
      for (const file of Object.keys(require.cache)) {
        if (file.endsWith("UsersRouter.js")) delete require.cache[file];
      }
      return {};
    },
  },

  "locks its schemas": {
    server: { schema: { definitions: [], lockSchemas: true } },
  },

  "locks its schemas, with our definitions": {
    server: {
      schema: {
        definitions: require("../../js/schemas"),
        lockSchemas: true,
      },
    },
  },

  "has a router of 2.3": {
    // What 2.3 changed: a layer no longer keeps the parameters of its last match.
    cloud() {
      const Layer = createRequire(installed.resolve("parse-server"))(
        "router/lib/layer",
      );
      const { match } = Layer.prototype;
      Layer.prototype.match = function (/** @type {string} */ path) {
        const matched = match.call(this, path);
        this.params = undefined;
        return matched;
      };
      return {};
    },
  },

  "asks a function for its master key": {
    server: { masterKey: async () => "tests-master-key", masterKeyTtl: 60 },
  },
};

/**
 * An adapter that takes anybody's word.
 * @param {"additional" | "solo" | "default"} policy
 */
function adapter(policy) {
  return {
    policy,
    validateAuthData: async () => ({}),
    validateAppId: async () => {},
  };
}
