// @ts-check
"use strict";

/**
 * An operator's reset in Parse Dashboard: the form that asks what goes, and the sentence afterwards. Which choices there are, in which order,
 * and what each resets is the core's.
 */

/**
 * By the core's names of the scopes: what a person chooses, and what has happened then.
 * @type {Record<string, { title: string, done: string }>}
 */
const SCOPES = {
  "": {
    title: "Failures and what is under way",
    done: "Failures are forgotten, and what was under way is void. Factors and recovery codes are as before: the user signs in with them.",
  },
  devices: {
    title: "Trusted browsers, nothing else",
    done: "No browser is trusted any more: the next sign-in on each asks for the second factor.",
  },
  number: {
    title: "Phone numbers as well",
    done: "The phone number and enrolled numbers are removed. If no factor is left, recovery codes are gone too, and the user should enroll a new factor.",
  },
  factors: {
    title: "Factors and recovery codes as well",
    done: "Enrolled factors and recovery codes are removed. A phone number in the user's row stays. The user should enroll a new factor.",
  },
};

/**
 * @param {any} answer the core's to `resetTwoFactor`
 * @returns {object | string} what Parse Dashboard understands, where it has called
 */
function shownReset(answer) {
  if ("scopes" in answer) return form(answer.scopes);
  if (!("scope" in answer)) return answer;
  return `The second factor of ${answer.user} was reset. ${SCOPES[answer.scope].done}`;
}

/**
 * A form as Parse Dashboard 9.0 and newer show one. Older ones show it as text, and nothing is reset.
 * @param {string[]} scopes
 */
function form(scopes) {
  return {
    __type: "ScriptResponse",
    payload: {},
    form: {
      title: "Reset the second factor",
      icon: "locked-solid",
      elements: [
        {
          element: "dropDown",
          name: "scope",
          label: "What goes",
          description:
            "Each choice but the second also forgets failures, voids what is under way, and forgets trusted browsers.",
          items: scopes.map((value) => ({ title: SCOPES[value].title, value })),
        },
        {
          element: "textInput",
          name: "ticket",
          label: "Ticket",
          description:
            "Optional: why, for the event trail. Up to 64 characters.",
          placeholder: "HELP-4711",
        },
      ],
    },
  };
}

module.exports = { shownReset };
