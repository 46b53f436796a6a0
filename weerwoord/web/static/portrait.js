// A partner's face as SVG: the same identifier gives the same face, and the mood (0 to 1) shows in brows and mouth.
import { svg } from "./dom.js";

const LOOKS = {
  ruud: { skin: "#eac0a0", hair: "#77736d", style: "short", beard: "stubble", top: "shirt", cloth: "#44586b", back: "#cfdde3" },
  fatima: { skin: "#c98f68", hair: "#2b1d18", style: "long", top: "blazer", cloth: "#2f6b5c", inner: "#f3e3d3", back: "#f3ddc4", lips: "#9c3a3a" },
  marjan: { skin: "#f2cdb2", hair: "#d3a75c", style: "bob", top: "scrubs", cloth: "#4f8aa8", back: "#d9e9dc", lips: "#b04a4a" },
  dirk: { skin: "#e3ae8b", hair: "#8a5a35", style: "bald", beard: "full", top: "vest", cloth: "#e08a2c", back: "#d6e2ea" },
  karin: { skin: "#f0c7a8", hair: "#a4492c", style: "bun", top: "cardigan", cloth: "#8a5a86", inner: "#f2e6c9", back: "#f6e2d4", lips: "#b1483f", glasses: "#6b2f2f" },
  willem: { skin: "#efc8ac", hair: "#dcdad4", style: "side", top: "suit", cloth: "#2c3a4f", tie: "#8c2f39", back: "#e2ddcf", glasses: "#4a4238" },
};
const SKINS = ["#f2cdb2", "#e3ae8b", "#c98f68", "#9a6544", "#f0c7a8"];
const HAIRS = ["#2b1d18", "#77736d", "#8a5a35", "#d3a75c", "#a4492c", "#4b3327"];
const CLOTHS = ["#44586b", "#2f6b5c", "#8a5a86", "#7a4b3a", "#4f8aa8", "#5b6b3a"];
const BACKS = ["#cfdde3", "#f3ddc4", "#d9e9dc", "#f6e2d4", "#e2ddcf"];

const BEHIND = {
  long: "M22 84C15 42 27 10 50 10s35 32 28 74c-7 5-14 2-14-9H36c0 11-7 14-14 9z",
  bob: "M25 66C19 32 29 11 50 11s31 21 25 55c-5 5-11 2-11-6H36c0 8-6 11-11 6z",
};
const FRONT = {
  short: "M28 43c-3-20 8-30 23-30 17 0 25 11 21 30-2-8-5-13-11-15-9 4-20 2-27 4-4 3-5 7-6 11z",
  side: "M28 42c-4-20 9-30 25-29 17 1 23 13 19 29-2-8-6-14-15-18-9 6-19 7-25 9-3 2-4 5-4 9z",
  long: "M28 48c-2-19 8-31 22-31s24 12 22 31c-4-9-15-14-22-25-7 11-18 16-22 25z",
  bob: "M28 45c0-18 9-27 22-27s22 9 22 27c-7-4-14-9-18-17-6 9-17 12-26 17z",
  bun: "M28 43c-2-19 9-28 22-28s24 9 22 28c-4-11-12-17-22-17s-18 6-22 17z",
  bald: "M27 47c-2-6-1-11 2-15l3 14zM73 47c2-6 1-11-2-15l-3 14z",
};
const BEARD = "M29 47c0 18 9 27 21 27s21-9 21-27c-1 6-4 9-8 9-6-3-20-3-26 0-4 0-7-3-8-9z";

function hash(text) {
  let h = 2166136261;
  for (const c of text) h = Math.imul(h ^ c.codePointAt(0), 16777619) >>> 0;
  return h;
}

// A look for a partner that has none of his own.
function lookOf(id, pronoun) {
  if (LOOKS[id]) return LOOKS[id];
  let h = hash(id);
  const pick = (list) => {
    h = Math.imul(h ^ (h >>> 13), 2654435761) >>> 0;
    return list[h % list.length];
  };
  const she = pronoun === "zij";
  return {
    skin: pick(SKINS), hair: pick(HAIRS), cloth: pick(CLOTHS), back: pick(BACKS), inner: "#f2e6c9",
    style: pick(she ? ["long", "bob", "bun"] : ["short", "side", "bald"]),
    beard: she ? null : pick([null, "stubble", "full"]),
    top: pick(["shirt", "blazer", "cardigan"]),
    lips: she ? "#a8453f" : undefined,
    glasses: pick([null, null, "#4a4238"]),
  };
}

function darker(colour, by) {
  const parts = [1, 3, 5].map((i) => Math.round(parseInt(colour.slice(i, i + 2), 16) * (1 - by)));
  return `#${parts.map((v) => v.toString(16).padStart(2, "0")).join("")}`;
}

const path = (d, fill, more = {}) => svg("path", { d, fill, ...more });
const line = (d, stroke, width) => path(d, "none", { stroke, "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round" });

function clothes(look) {
  const { cloth, inner = "#ffffff" } = look;
  const body = path("M6 106c1-25 20-32 44-32s43 7 44 32z", cloth);
  const open = path("M40 74l10 26 10-26z", inner);
  const lapels = path("M39 73l-6 7 15 26h4l15-26-6-7-11 25z", darker(cloth, 0.22));
  const collar = path("M41 73l9 11 9-11 4 5-8 11-5-5-5 5-8-11z", "#f4f1ea");
  const neckline = path("M40 74c2 7 6 11 10 13 4-2 8-6 10-13z", darker(look.skin, 0.08));
  return {
    shirt: () => [body, collar],
    scrubs: () => [body, neckline, line("M40 75l10 13 10-13", darker(cloth, 0.25), 2)],
    blazer: () => [body, open, lapels],
    cardigan: () => [body, open, line("M40 75l10 25M60 75l-10 25", darker(cloth, 0.25), 2.5)],
    suit: () => [body, open, path("M50 78l4 4-2 20h-4l-2-20z", look.tie), lapels],
    vest: () => [body, collar, path("M26 79l7-3 3 28h-9zM74 79l-7-3-3 28h9z", "#f5e06a")],
  }[look.top]();
}

function face(look, mood) {
  const shade = darker(look.skin, 0.16);
  const brow = darker(look.hair === "#dcdad4" ? "#a9a59c" : look.hair, 0.25);
  const inner = 38.5 + (0.45 - mood) * 4; // a frown brings the inner ends down
  const outer = 38 + (mood - 0.45) * 1.5;
  const corner = 60.5 - (mood - 0.4) * 3;
  const dip = 60.5 + (mood - 0.4) * 9;
  const lips = look.lips ?? darker(look.skin, 0.45);
  const eye = (x) => svg("ellipse", { cx: x, cy: 45, rx: 2.2, ry: 1.9 + mood, fill: "#2a2422" });
  return [
    svg("ellipse", { cx: 37, cy: 53, rx: 4.5, ry: 3, fill: "#d9694f", opacity: (0.1 + mood * 0.2).toFixed(2) }),
    svg("ellipse", { cx: 63, cy: 53, rx: 4.5, ry: 3, fill: "#d9694f", opacity: (0.1 + mood * 0.2).toFixed(2) }),
    eye(41.5), eye(58.5),
    line(`M36.5 ${outer}Q41 ${Math.min(inner, outer) - 1.6} 45.5 ${inner}`, brow, 1.9),
    line(`M63.5 ${outer}Q59 ${Math.min(inner, outer) - 1.6} 54.5 ${inner}`, brow, 1.9),
    line("M50.5 46c-.5 3-2.6 5.5-1.8 6.8.6.8 2 .8 3 .2", shade, 1.5),
    mood > 0.72 ? path(`M42.5 ${corner}Q50 ${dip + 5} 57.5 ${corner}Q50 ${corner + 2} 42.5 ${corner}z`, lips) : line(`M43 ${corner}Q50 ${dip} 57 ${corner}`, lips, 2.2),
  ];
}

function glassesOf(colour) {
  const ring = (cx) => svg("circle", { cx, cy: 45.5, r: 6.8, fill: "#ffffff", "fill-opacity": 0.2, stroke: colour, "stroke-width": 1.5 });
  return [ring(41.3), ring(58.7), line("M48 45c1-1.2 3-1.2 4 0M34.5 44l-5-1M65.5 44l5-1", colour, 1.5)];
}

function stranger() {
  const soft = "#8fa3a8";
  return [
    svg("rect", { width: 100, height: 100, fill: "#e3eaea" }),
    path("M6 106c1-25 20-32 44-32s43 7 44 32z", soft),
    svg("ellipse", { cx: 50, cy: 44, rx: 21, ry: 25, fill: soft }),
    line("M43 38c0-10 15-10 15 0 0 6-7.5 6-7.5 12M50.5 57v.5", "#ffffff", 4.5),
  ];
}

// The face of a partner; of nobody in particular without an identifier.
export function portrait(id, pronoun = "hij", mood = 0.55) {
  const frame = svg("svg", { viewBox: "0 0 100 100", class: "portrait", "aria-hidden": "true", focusable: "false" });
  if (!id) {
    frame.append(...stranger());
    return frame;
  }
  const look = lookOf(id, pronoun);
  const shade = darker(look.skin, 0.12);
  frame.append(svg("rect", { width: 100, height: 100, fill: look.back }));
  if (look.style === "bun") frame.append(svg("circle", { cx: 50, cy: 12, r: 9.5, fill: darker(look.hair, 0.12) }));
  if (BEHIND[look.style]) frame.append(path(BEHIND[look.style], darker(look.hair, 0.15)));
  frame.append(svg("rect", { x: 41, y: 58, width: 18, height: 23, rx: 8, fill: shade }), ...clothes(look));
  frame.append(svg("circle", { cx: 29, cy: 47, r: 4.5, fill: shade }), svg("circle", { cx: 71, cy: 47, r: 4.5, fill: shade }));
  frame.append(path("M29 42c0-16 9-23 21-23s21 7 21 23c0 17-9 28-21 28s-21-11-21-28z", look.skin));
  if (look.beard) frame.append(path(BEARD, look.hair, { opacity: look.beard === "full" ? 1 : 0.22 }));
  frame.append(path(FRONT[look.style], look.hair), ...face(look, mood));
  if (look.glasses) frame.append(...glassesOf(look.glasses));
  return frame;
}
