// Small drawings with numbers: each has its numbers in words too.
import { el, svg } from "./dom.js";

const WIDE = 640;
const NARROW = 330; // so that the numbers stay readable on a phone
const HEIGHT = 190;
const LEFT = 34;
const BOTTOM = 158;
const TOP = 14;
const SCALE = 10;

// A line of interest and one of patience, a point for the start and for each turn.
// Args: points [{interest, patience, name}]; label: what it shows, in words; legend: {interest, patience}.
export function moodChart(points, label, legend) {
  const width = matchMedia("(max-width: 40rem)").matches ? NARROW : WIDE;
  const step = (width - LEFT - 20) / Math.max(1, points.length - 1);
  const x = (i) => LEFT + 8 + i * step;
  const y = (value) => BOTTOM - ((BOTTOM - TOP) * value) / SCALE;
  const frame = svg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, class: "chart", role: "img", "aria-label": label });
  for (const value of [0, 5, 10]) {
    frame.append(
      svg("path", { d: `M${LEFT} ${y(value)}H${width - 6}`, class: "grid" }),
      svg("text", { x: LEFT - 8, y: y(value) + 4, class: "axis", "text-anchor": "end" }, String(value)),
    );
  }
  for (const kind of ["patience", "interest"]) {
    const along = points.map((p, i) => `${i ? "L" : "M"}${x(i).toFixed(1)} ${y(p[kind]).toFixed(1)}`).join("");
    frame.append(svg("path", { d: along, class: `line ${kind}` }));
    for (const [i, p] of points.entries()) {
      const spot = { cx: x(i).toFixed(1), cy: y(p[kind]).toFixed(1), r: 4.5, class: `spot ${kind}` };
      frame.append(svg("circle", spot));
    }
  }
  const every = Math.ceil(points.length / (width / 49));
  for (const [i, p] of points.entries()) {
    if (i % every) continue;
    frame.append(svg("text", { x: x(i).toFixed(1), y: HEIGHT - 10, class: "axis", "text-anchor": i ? "middle" : "start" }, p.name));
  }
  const keys = ["interest", "patience"].map((kind) => el("li", { class: kind }, legend[kind]));
  return el("figure", { class: "figure" }, frame, el("figcaption", {}, el("ul", { class: "keys", role: "list" }, ...keys)));
}

// One circle for each talk, oldest first: empty, half or full.
export function verdictRow(verdicts, label) {
  const size = 26;
  const frame = svg("svg", { viewBox: `0 0 ${Math.max(1, verdicts.length) * size} ${size}`, class: "verdicts", role: "img", "aria-label": label });
  frame.setAttribute("width", verdicts.length * size);
  for (const [i, verdict] of verdicts.entries()) {
    const cx = i * size + size / 2;
    const c = size / 2;
    frame.append(svg("circle", { cx, cy: c, r: 9, class: `dot ${verdict}` }));
    if (verdict === "partial") frame.append(svg("path", { d: `M${cx} ${c - 9}a9 9 0 0 1 0 18z`, class: "half" }));
  }
  return frame;
}

// How much of a whole, as a bar.
export function bar(part, whole, label) {
  const frame = svg("svg", { viewBox: "0 0 100 10", class: "bar", role: "img", "aria-label": label, preserveAspectRatio: "none" });
  frame.append(svg("rect", { width: 100, height: 10, class: "all" }), svg("rect", { width: whole ? (100 * part) / whole : 0, height: 10, class: "part" }));
  return frame;
}
