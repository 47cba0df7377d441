// @ts-check

import { css } from "lit";

/**
 * All lengths are relative to the text, so that it can be made twice as large. Directions are those of the text, so that it can run
 * from right to left. What is drawn by its color alone has an edge, which forced colors show.
 */
export const styles = css`
  :host {
    --_accent: var(--two-factor-accent, light-dark(#1d5c56, #86cdc2));
    --_on-accent: var(--two-factor-on-accent, light-dark(#fff, #0e2623));
    --_text: var(--two-factor-text, light-dark(#1d1c1a, #ecebe7));
    --_muted: var(--two-factor-muted, light-dark(#67635b, #a3a098));
    --_line: var(--two-factor-line, light-dark(#dcd8cf, #3b4045));
    --_edge: var(--two-factor-edge, light-dark(#8b867c, #7d8287));
    --_field: var(--two-factor-field, light-dark(#fff, #14171a));
    --_bad: var(--two-factor-danger, light-dark(#9a2f27, #f0a199));
    --_good: var(--two-factor-success, light-dark(#1c6541, #8bd3ab));
    --_radius: var(--two-factor-radius, 0.625rem);
    display: block;
    color: var(--_text);
    font: var(--two-factor-font, inherit);
    line-height: 1.5;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  .title,
  .subtitle,
  p,
  ul,
  ol {
    margin: 0;
  }

  ul,
  ol {
    padding: 0;
    list-style: none;
  }

  /* They get the focus when what they stand over is new, so that it is read out; nobody can do anything with them. */
  .title,
  #sure {
    outline: none;
  }

  .title {
    font-size: 1.75em;
    font-weight: 650;
    line-height: 1.2;
    letter-spacing: -0.02em;
    overflow-wrap: anywhere;
  }

  .subtitle {
    margin-block-start: 1.75rem;
    font-size: 1em;
    font-weight: 650;
  }

  .lede {
    margin-block-start: 0.5rem;
    color: var(--_muted);
    text-wrap: pretty;
    overflow-wrap: anywhere;
  }

  form,
  .block {
    margin-block-start: 1.5rem;
  }

  .field + .field,
  .field + .check,
  .check + .check {
    margin-block-start: 1rem;
  }

  label {
    display: block;
    margin-block-end: 0.375rem;
    font-size: 0.875em;
    font-weight: 600;
  }

  input:not([type="checkbox"]) {
    display: block;
    inline-size: 100%;
    min-inline-size: 0;
    padding: 0.6875rem 0.875rem;
    border: 1px solid var(--_edge);
    border-radius: var(--_radius);
    background: var(--_field);
    color: inherit;
    font: inherit;
  }

  input[aria-invalid="true"]:not([type="checkbox"]) {
    border-color: var(--_bad);
    box-shadow: inset 0 0 0 1px var(--_bad);
  }

  input.digits {
    padding-block: 0.5rem;
    font-size: 1.5em;
    font-variant-numeric: tabular-nums;
    letter-spacing: 0.22em;
  }

  .check {
    display: flex;
    gap: 0.625rem;
    align-items: baseline;
    margin-block: 1rem 0;
    font-size: 0.9375em;
    font-weight: 400;
    cursor: pointer;
  }

  .check input {
    flex: none;
    inline-size: 1.125em;
    block-size: 1.125em;
    margin: 0;
    accent-color: var(--_accent);
    translate: 0 0.2em;
  }

  button,
  .link {
    padding: 0.5rem 0.875rem;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: none;
    color: inherit;
    font: inherit;
    font-size: 0.875em;
    font-weight: 600;
    line-height: inherit;
    text-align: start;
    text-decoration: none;
    cursor: pointer;
    overflow-wrap: anywhere;
  }

  button:hover,
  .link:hover {
    border-color: var(--_accent);
    color: var(--_accent);
  }

  button.primary {
    inline-size: 100%;
    margin-block-start: 1.25rem;
    padding: 0.6875rem 1rem;
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
    font-size: 1em;
    text-align: center;
  }

  button.primary:hover {
    filter: brightness(0.92);
  }

  button[aria-disabled="true"] {
    cursor: default;
  }

  button[aria-disabled="true"]:not(.primary) {
    border-color: var(--_line);
    color: var(--_muted);
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }

  .primary[aria-disabled="true"] {
    opacity: 0.65;
  }

  :is(input, button, .link, summary):focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    margin-block-start: 0.75rem;
  }

  .row.apart {
    justify-content: space-between;
  }

  .ways {
    display: grid;
    gap: 0.5rem;
    margin-block-start: 1rem;
  }

  .ways button {
    inline-size: 100%;
    padding: 0.75rem 1rem;
    font-size: 1em;
  }

  details {
    margin-block-start: 1.25rem;
  }

  summary {
    border-radius: 0.25rem;
    color: var(--_muted);
    font-size: 0.9375em;
    cursor: pointer;
  }

  .hint {
    margin-block-start: 0.375rem;
    color: var(--_muted);
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
  }

  .error {
    color: var(--_bad);
    font-size: 0.9375em;
    font-weight: 550;
  }

  .error:not(:empty) {
    margin-block-start: 0.375rem;
  }

  .notice {
    color: var(--_good);
    font-size: 0.9375em;
    font-weight: 550;
  }

  .notice:not(:empty),
  .problem:not(:empty) {
    margin-block-start: 1rem;
  }

  .qr {
    display: block;
    inline-size: min(100%, 12.5rem);
    margin-inline: auto;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    forced-color-adjust: none;
  }

  .secret {
    display: block;
    margin-block: 0.375rem 0.5rem;
    font-family: ui-monospace, monospace;
    font-size: 0.9375em;
    letter-spacing: 0.04em;
    overflow-wrap: anywhere;
  }

  .codes {
    display: grid;
    gap: 0.25rem;
    padding: 1rem;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    font-family: ui-monospace, monospace;
    font-size: 0.875em;
    overflow-wrap: anywhere;
  }

  .items > li {
    padding-block: 0.875rem;
    border-block-end: 1px solid var(--_line);
  }

  .item {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
    align-items: center;
    justify-content: space-between;
  }

  .item .row {
    margin: 0;
  }

  .item-text {
    flex: 1 1 12rem;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .item-name {
    font-weight: 600;
  }

  .item-more {
    color: var(--_muted);
    font-size: 0.875em;
  }

  .item form {
    flex: 1 1 100%;
    margin: 0.25rem 0 0.5rem;
  }

  button.danger {
    color: var(--_bad);
  }

  .or {
    margin-block-start: 1.25rem;
  }

  @media (forced-colors: active) {
    button,
    .link {
      border-color: ButtonBorder;
    }

    input[aria-invalid="true"] {
      border-width: 2px;
    }
  }

  @media (prefers-reduced-motion: no-preference) {
    button,
    .link,
    input {
      transition:
        border-color 0.12s,
        color 0.12s,
        filter 0.12s;
    }
  }
`;
