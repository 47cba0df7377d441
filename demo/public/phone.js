// @ts-check

/** The phone beside the form, with the two apps that a second factor needs. Only the demo has one. */

import { codeOf, secondsLeft, secretIn } from "./authenticator.js";

/** @param {string} id @returns {any} */
const element = (id) => document.getElementById(id);

/** Newest messages that the phone shows. */
const SHOWN = 3;

/** What an app on a phone would keep. @returns {{name: string, secret: string}[]} */
const scanned = () => JSON.parse(localStorage.getItem("demo-phone") ?? "[]");

/** The end of the number that the phone has. */
let ending = element("phone").dataset.number.slice(-4);
const opened = new Date().toISOString();

/** What the page shows to be scanned: the link that a QR code holds. @type {string | undefined} */
let offered;

export function startPhone() {
  element("open-messages").addEventListener("click", () => open("messages"));
  element("open-authenticator").addEventListener("click", () =>
    open("authenticator"),
  );
  element("scan").addEventListener("click", scan);
  document.addEventListener("asked", (/** @type {any} */ { detail }) => {
    const { to, uri, method } = detail.challenge ?? detail.enrollment;
    if (to) ending = to.slice(-4);
    offered = uri;
    const app = uri || method === "totp" ? "authenticator" : "messages";
    if (uri || to || method === "totp") open(app);
    showCodes();
  });
  showClock();
  showCodes();
  setInterval(showCodes, 1000);
  watchMessages();
}

/** @param {"messages" | "authenticator"} app */
function open(app) {
  for (const name of ["messages", "authenticator"]) {
    element(`${name}-app`).hidden = name !== app;
    element(`open-${name}`).ariaPressed = String(name === app);
  }
}

function scan() {
  if (!offered) return;
  const account = secretIn(offered);
  const others = scanned().filter(({ secret }) => secret !== account.secret);
  localStorage.setItem("demo-phone", JSON.stringify([account, ...others]));
  offered = undefined;
  showCodes();
}

async function showCodes() {
  element("scan").hidden = !offered;
  const accounts = scanned().slice(0, SHOWN);
  const lines = await Promise.all(
    accounts.map(async ({ name, secret }) => {
      const line = document.createElement("li");
      const code = await codeOf(secret, Date.now());
      line.append(
        text("span", name, "app-name"),
        text("span", `${code.slice(0, 3)} ${code.slice(3)}`, "app-code"),
        text("span", `${secondsLeft(Date.now())} s`, "app-left"),
      );
      return line;
    }),
  );
  element("codes").replaceChildren(...lines);
  element("authenticator-note").hidden = accounts.length > 0 || offered;
}

/**
 * @param {string} tag
 * @param {string} content
 * @param {string} className
 */
function text(tag, content, className) {
  const made = document.createElement(tag);
  made.textContent = content;
  made.className = className;
  return made;
}

async function watchMessages() {
  for (;;) {
    const note = await lookAtMessages();
    if (note === undefined) return;
    if (element("phone-note").textContent !== note) {
      element("phone-note").textContent = note;
    }
    await new Promise((resolve) => setTimeout(resolve, 700));
  }
}

/** @returns {Promise<string | undefined>} what the phone says in place of messages; undefined where there is no use in looking again */
async function lookAtMessages() {
  try {
    const response = await fetch("demo/messages", { cache: "no-store" });
    if (response.status === 404) {
      element("caption").hidden = true;
      element("phone-note").textContent =
        "Messages go out through Twilio, to the real phone.";
      return undefined;
    }
    if (!response.ok) {
      element("phone-note").textContent =
        "Messages are shown on the machine that runs the server only.";
      return undefined;
    }
    /** @type {{to: string, body: string, at: string, channel?: string}[]} */
    const all = await response.json();
    const mine = all
      .filter(({ to, at }) => to.endsWith(ending) && at >= opened)
      .slice(0, SHOWN)
      .reverse();
    if (mine.length > 0) element("number").textContent = spaced(mine[0].to);
    show(mine);
    return mine.length > 0 ? "" : "The code arrives here.";
  } catch {
    return "The server does not answer.";
  }
}

let shown = "";

/** @param {{body: string, at: string, channel?: string}[]} messages the newest one last */
function show(messages) {
  const key = messages.map(({ at, body }) => at + body).join();
  if (key === shown) return;
  shown = key;
  // What stands there already stays, so that only what is new arrives, for the eye and for a screen reader.
  const known = new Set(
    [...element("messages").children].map((one) => one.dataset.key),
  );
  const wanted = new Set(messages.map(({ at, body }) => at + body));
  for (const one of [...element("messages").children]) {
    if (!wanted.has(one.dataset.key)) one.remove();
  }
  for (const { body, at, channel } of messages) {
    if (known.has(at + body)) continue;
    const entry = document.createElement("div");
    entry.dataset.key = at + body;
    const by = { call: "Call", whatsapp: "WhatsApp", verify: "Verify" }[
      channel ?? ""
    ];
    const time = timeOf(new Date(at));
    entry.append(
      text("p", spoken(body), "message"),
      text("p", by ? `${by}, ${time}` : time, "sent-at"),
    );
    element("messages").append(entry);
  }
}

/** A call's words, without the markup that Twilio reads. @param {string} body */
const spoken = (body) =>
  body.startsWith("<")
    ? (new DOMParser().parseFromString(body, "text/xml").documentElement
        .textContent ?? "")
    : body;

/** @param {string} number */
const spaced = (number) =>
  number.replace(/^(\+1)(\d{3})(\d{3})(\d{4})$/, "$1 $2 $3 $4");

/** @param {Date} date */
const timeOf = (date) =>
  date.toLocaleTimeString([], {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });

function showClock() {
  element("clock").textContent = timeOf(new Date());
  setTimeout(showClock, 10_000);
}
