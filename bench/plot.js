// @ts-check
"use strict";

const INK = "#24292f";
const GRID = "#d0d7de";
const COLOURS = ["#0969da", "#bf3989", "#1a7f37", "#9a6700", "#8250df"];

/** @param {string} value */
function escape(value) {
  return value.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

/**
 * @param {number} width
 * @param {number} height
 * @param {string} title
 * @param {string[]} parts
 */
function svg(width, height, title, parts) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13" fill="${INK}">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="12" y="24" font-size="15" font-weight="bold">${escape(title)}</text>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} value
 * @param {string} [more]
 */
function text(x, y, value, more = "") {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escape(value)}</text>`;
}

/**
 * Horizontal bars.
 * @param {string} title
 * @param {{label: string, value: number, note: string}[]} bars
 */
function barPlot(title, bars) {
  const [width, left, right, step] = [760, 300, 110, 30];
  const most = Math.max(...bars.map(({ value }) => value));
  const scale = (width - left - right) / most;
  const parts = bars.flatMap(({ label, value, note }, i) => {
    const y = 44 + i * step;
    const length = value * scale;
    return [
      text(left - 8, y + 16, label, 'text-anchor="end"'),
      `<rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="22" fill="${COLOURS[0]}"/>`,
      text(left + length + 6, y + 16, note),
    ];
  });
  return svg(width, 56 + bars.length * step, title, parts);
}

/**
 * Lines over a logarithmic axis of powers of two.
 * @param {string} title
 * @param {{x: string, y: string}} axes
 * @param {{label: string, points: [number, number][]}[]} lines
 */
function linePlot(title, axes, lines) {
  const [width, height, left, right, top, bottom] = [760, 360, 64, 150, 44, 48];
  const points = lines.flatMap((line) => line.points);
  const most = niceTop(Math.max(...points.map(([, y]) => y)));
  const xs = [...new Set(points.map(([x]) => x))].sort((a, b) => a - b);
  const [first, last] = [xs[0], xs[xs.length - 1]].map(Math.log2);
  const atX = (/** @type {number} */ x) =>
    left +
    ((Math.log2(x) - first) / Math.max(last - first, 1)) *
      (width - left - right);
  const atY = (/** @type {number} */ y) =>
    height - bottom - (y / most) * (height - top - bottom);
  const parts = [0, 1, 2, 3, 4].flatMap((quarter) => {
    const y = (most * quarter) / 4;
    return [
      `<path d="M${left} ${atY(y).toFixed(1)}H${width - right}" stroke="${GRID}"/>`,
      text(left - 8, atY(y) + 4, String(y), 'text-anchor="end"'),
    ];
  });
  for (const x of xs) {
    parts.push(
      text(atX(x), height - bottom + 18, String(x), 'text-anchor="middle"'),
    );
  }
  const middle = (left + width - right) / 2;
  parts.push(
    text(middle, height - 10, axes.x, 'text-anchor="middle"'),
    text(left, top - 4, axes.y),
  );
  lines.forEach(({ label, points }, i) => {
    const colour = COLOURS[i % COLOURS.length];
    const path = points
      .map(([x, y]) => `${atX(x).toFixed(1)} ${atY(y).toFixed(1)}`)
      .join("L");
    parts.push(
      `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...points.map(
        ([x, y]) =>
          `<circle cx="${atX(x).toFixed(1)}" cy="${atY(y).toFixed(1)}" r="3" fill="${colour}"/>`,
      ),
      // The lines may end in one place, so their names stand in a legend.
      text(width - right + 16, top + 16 + i * 20, label, `fill="${colour}"`),
    );
  });
  return svg(width, height, title, parts);
}

/**
 * The next value that four even steps lead up to.
 * @param {number} most
 */
function niceTop(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [1, 2, 4, 6, 8, 10].find((n) => n * power >= most) ?? 10;
  return step * power;
}

module.exports = { barPlot, linePlot };
