// @ts-check
"use strict";

/**
 * Reads the types that the core's build writes (pkg/parse_two_factor.d.cts) as JSON Schema. It knows what tsify writes, and stops at
 * anything else.
 */

const fs = require("node:fs");
const path = require("node:path");

const FILE = path.join(__dirname, "..", "pkg", "parse_two_factor.d.cts");

/** @typedef {Record<string, any>} Schema */

class Reader {
  #tokens;
  #at = 0;

  /** @param {string} text */
  constructor(text) {
    this.#tokens =
      text.match(/\/\*\*[\s\S]*?\*\/|"[^"]*"|\w+|\?:|[{}[\]<>|;:,]/g) ?? [];
  }

  get #next() {
    return this.#tokens[this.#at];
  }

  /** @param {string} token */
  #take(token) {
    if (this.#next !== token) return false;
    this.#at += 1;
    return true;
  }

  /** @param {string} token */
  #expect(token) {
    if (this.#take(token)) return;
    throw new Error(`${token} was expected, not ${this.#next}`);
  }

  /** @returns {Schema[]} the members of a union */
  members() {
    const members = [this.#suffixed()];
    while (this.#take("|")) members.push(this.#suffixed());
    return members;
  }

  /** @returns {Schema} */
  type() {
    const members = this.members();
    const words = members.map(({ const: word }) => word);
    if (words.every((word) => word !== undefined)) {
      return { type: "string", enum: words };
    }
    const some = members.filter(({ nothing }) => !nothing);
    const types = some.length < members.length ? [...some, NULL] : some;
    return types.length === 1 ? types[0] : { anyOf: types };
  }

  #suffixed() {
    let type = this.#single();
    while (this.#take("[")) {
      this.#expect("]");
      type = { type: "array", items: type };
    }
    return type;
  }

  /** @returns {Schema} */
  #single() {
    const token = this.#next;
    if (token === "{") return this.object();
    this.#at += 1;
    if (token.startsWith('"')) return { const: token.slice(1, -1) };
    if (token === "undefined" || token === "null") return { nothing: true };
    if (token in PRIMITIVES) return PRIMITIVES[token];
    if (token === "Map") return this.#map();
    if (/^[A-Z]\w*$/.test(token)) {
      return { $ref: `#/components/schemas/${token}` };
    }
    throw new Error(`${token} is no type that is known here`);
  }

  /** On the wire a map is an object, and its keys are text. @returns {Schema} */
  #map() {
    for (const token of ["<", "string", ","]) this.#expect(token);
    const additionalProperties = this.type();
    this.#expect(">");
    return { type: "object", additionalProperties };
  }

  /** @returns {Schema} */
  object() {
    this.#expect("{");
    /** @type {Record<string, Schema>} */
    const properties = {};
    /** @type {string[]} */
    const required = [];
    while (!this.#take("}")) {
      const comment = this.#comment();
      const name = this.#next;
      this.#at += 1;
      if (!this.#take("?:")) {
        this.#expect(":");
        required.push(name);
      }
      const type = this.type();
      properties[name] =
        comment && !type.$ref ? { ...type, description: comment } : type;
      this.#take(";");
    }
    return { type: "object", properties, required };
  }

  #comment() {
    if (!this.#next?.startsWith("/**")) return "";
    const text = this.#next.slice(3, -2).replace(/^\s*\* ?/gm, " ");
    this.#at += 1;
    return text.replace(/\s+/g, " ").trim();
  }
}

const NULL = { type: "null" };
/** @type {Record<string, Schema>} */
const PRIMITIVES = {
  string: { type: "string" },
  number: { type: "number" },
  boolean: { type: "boolean" },
  object: { type: "object" },
};

const source = fs.readFileSync(FILE, "utf8");

/** @param {string} name */
function declaration(name) {
  const form = new RegExp(
    `export (?:type ${name} = ([^;]*(?:\\{[^}]*\\}[^;]*)*);\\n|interface ${name} (\\{[\\s\\S]*?\\n\\}))`,
  );
  const [, alias, body] = form.exec(source) ?? [];
  const text = alias ?? body;
  if (text === undefined) throw new Error(`there is no type ${name} in pkg/`);
  return new Reader(text);
}

/** The members of a union, each as a schema. @param {string} name */
const membersOf = (name) => declaration(name).members();

/** @param {string} name @returns {Schema} */
const schemaOf = (name) => declaration(name).type();

module.exports = { membersOf, schemaOf };
