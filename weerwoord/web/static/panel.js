// How the talk stands: the partner's interest and patience as a drawing, and the three criteria filling up.
import { at, calm, el, fill, svg } from "./dom.js";
import { portrait } from "./portrait.js";
import { keep, kept } from "./store.js";
import { config, texts } from "./texts.js";

const SCALE = 10;
const RADIUS = 62;
const NARROW = matchMedia("(max-width: 60rem)");

const wordOf = (words, value) => words[Math.min(words.length - 1, value <= 1 ? 0 : value <= 4 ? 1 : value <= 7 ? 2 : 3)];

// Half a ring, from below to above, as far as the value.
function arc(side, value, kind) {
  const sign = side === "left" ? -1 : 1;
  const end = (share) => {
    const angle = Math.PI * (0.08 + 0.84 * share);
    return [80 + sign * RADIUS * Math.sin(angle), 80 + RADIUS * Math.cos(angle)].map((v) => v.toFixed(1)).join(" ");
  };
  const sweep = side === "left" ? 1 : 0;
  const d = (share) => `M${end(0)}A${RADIUS} ${RADIUS} 0 0 ${sweep} ${end(share)}`;
  return [
    svg("path", { d: d(1), class: "ring" }),
    value > 0 ? svg("path", { d: d(value / SCALE), class: `ring ${kind}` }) : null,
  ];
}

export function drawing(partner, interest, patience) {
  const t = texts.panel;
  const words = { interest: wordOf(t.interest_words, interest), patience: wordOf(t.patience_words, patience) };
  const label = fill(t.drawing, { name: partner.name, interest_number: interest, patience_number: patience, ...words });
  const face = portrait(partner.id, partner.pronoun, 0.15 + (0.85 * interest) / SCALE);
  for (const [name, value] of Object.entries({ x: 30, y: 30, width: 100, height: 100 })) face.setAttribute(name, value);
  const frame = svg("svg", { viewBox: "8 8 144 144", class: "mood", role: "img", "aria-label": label });
  frame.append(face, svg("circle", { cx: 80, cy: 80, r: 60, class: "cover" }));
  frame.append(...[...arc("left", interest, "interest"), ...arc("right", patience, "patience")].filter(Boolean));
  const legend = (kind) =>
    el("div", { class: kind }, el("dt", {}, t[kind]), el("dd", {}, words[kind]));
  return [frame, el("dl", { class: "legend" }, legend("interest"), legend("patience"))];
}

function criterion(c, state, said, pronouns) {
  const names = said.map((e) => el("li", {}, fill(config.elements[e].name, pronouns)));
  const mark = svg("svg", { viewBox: "0 0 24 24", class: `state-mark ${state}`, "aria-hidden": "true" });
  mark.append(svg("circle", { cx: 12, cy: 12, r: 9.5 }));
  if (state === "partial") mark.append(svg("path", { d: "M12 2.5a9.5 9.5 0 0 1 0 19z" }));
  if (state === "clear") mark.append(svg("path", { d: "M7 12.5l3.5 3.5 7-8" }));
  return el(
    "li",
    { class: `criterion ${state}`, "data-criterion": c.id },
    mark,
    el("div", {}, el("p", {}, el("b", {}, c.name), " ", el("span", { class: "soft" }, texts.panel.states[state])), names.length ? el("ul", {}, ...names) : null),
  );
}

export function makePanel() {
  const panel = at("panel");
  const opener = at("panel-open");
  const off = at("help-off");
  let before = {};

  function setHelp() {
    at("panel-help").hidden = off.checked;
    at("panel-off").hidden = !off.checked;
  }

  // On a phone the panel is a drawer over the talk.
  function open(now) {
    panel.classList.toggle("open", now);
    opener.setAttribute("aria-expanded", String(now));
    const others = [at("top"), document.querySelector(".stream"), opener];
    for (const other of others) other.inert = now;
    (now ? at("panel-close") : opener).focus();
  }

  opener.addEventListener("click", () => open(true));
  at("panel-close").addEventListener("click", () => open(false));
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !panel.classList.contains("open")) return;
    event.preventDefault(); // in a frame, only this closes
    open(false);
  });
  NARROW.addEventListener("change", () => panel.classList.contains("open") && open(false));
  off.checked = kept("help_off", false);
  off.addEventListener("change", () => {
    keep("help_off", off.checked);
    setHelp();
  });
  setHelp();

  function update(partner, { interest, patience, criteria }, said) {
    at("mood").replaceChildren(...drawing(partner, interest, patience));
    const rows = config.criteria.map((c) => {
      const own = said.filter((e) => config.elements[e]?.kind === c.id);
      const row = criterion(c, criteria[c.id], own, partner.pronouns);
      if (before[c.id] && before[c.id] !== criteria[c.id] && !calm()) row.classList.add("changed");
      return row;
    });
    before = criteria;
    at("criteria").replaceChildren(...rows);
  }

  function showPrepared(rows) {
    at("panel-prepared").hidden = rows.length === 0;
    at("panel-prepared").querySelector("dl").replaceChildren(...rows.flatMap(([term, text]) => [el("dt", {}, term), el("dd", {}, text)]));
  }

  return { update, showPrepared, close: () => panel.classList.contains("open") && open(false), show: (visible) => {
    panel.hidden = !visible;
    opener.hidden = !visible;
  } };
}
