// @ts-check

/** The drawer "What the server saw". Only `npm start` has something in it, for its own machine: a deployed app has no such routes. */

/** @param {string} id @returns {any} */
const element = (id) => document.getElementById(id);

/** @typedef {{id: string, at: number, what: string, username?: string, method?: string, about?: string, outcome: number}} Entry */

export async function startServerDrawer() {
  const drawer = element("server");
  const response = await fetch("demo/events", { cache: "no-store" });
  if (!response.ok) return;
  drawer.hidden = false;
  drawer.addEventListener("toggle", watch);
  element("doctor").addEventListener("click", runDoctor);
}

async function watch() {
  while (element("server").open) {
    const response = await fetch("demo/events", { cache: "no-store" });
    if (response.ok) show(await response.json());
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** @param {Entry[]} entries the newest one first */
function show(entries) {
  const list = element("trail");
  const known = new Set(
    [...list.children].map((/** @type {any} */ line) => line.dataset.id),
  );
  for (const entry of entries.toReversed()) {
    if (known.has(entry.id)) continue;
    const { what, username, method, about, outcome } = entry;
    const more = [username, method, about].filter(Boolean).join(" · ");
    const time = new Date(entry.at).toLocaleTimeString([], {
      hourCycle: "h23",
    });
    const verdict = outcome ? `refused (${outcome})` : "";
    const made = line(what, [time, more, verdict].filter(Boolean).join(" · "));
    made.dataset.id = entry.id;
    if (outcome) made.dataset.verdict = "failure";
    list.prepend(made);
  }
}

/**
 * @param {string} title
 * @param {string} more
 */
function line(title, more) {
  const made = document.createElement("li");
  const strong = document.createElement("strong");
  strong.textContent = title;
  const rest = document.createElement("span");
  rest.textContent = more;
  made.append(strong, rest);
  return made;
}

async function runDoctor() {
  const button = element("doctor");
  if (button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  button.textContent = "Running …";
  try {
    const response = await fetch("demo/doctor", { cache: "no-store" });
    const { checks } = await response.json();
    element("findings").replaceChildren(
      ...checks.map((/** @type {any} */ { check, verdict, finding }) => {
        const made = line(`${verdict}: ${check}`, finding);
        made.dataset.verdict = verdict;
        return made;
      }),
    );
  } finally {
    button.ariaDisabled = "false";
    button.textContent = "Run it again";
  }
}
