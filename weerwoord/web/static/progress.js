// Progress over time: what was made clear, how far up the ladder, by partner. Numbers as text beside every drawing.
import { bar, verdictRow } from "./chart.js";
import { at, button, el, fill } from "./dom.js";
import { portrait } from "./portrait.js";
import { config, partnerOf, texts } from "./texts.js";

const t = texts.progress;
const SHOWN = 24; // talks in a row of circles
const LEVELS = [1, 2, 3, 4];

const title = () => el("h1", { id: "progress-title", tabindex: "-1" }, t.title);
const count = (list, test) => list.filter(test).length;

function criterionRow(c, talks) {
  const verdicts = talks.map((one) => one.verdicts[c.id]);
  const values = { name: c.name, total: verdicts.length, clear: count(verdicts, (v) => v === "clear"), partial: count(verdicts, (v) => v === "partial") };
  return el(
    "li",
    { class: "progress-row" },
    el("div", {}, el("h3", {}, c.name), el("p", { class: "soft" }, fill(t.criterion, values))),
    el("div", { class: "scroll" }, verdictRow(verdicts.slice(-SHOWN), fill(t.criterion_long, values))),
  );
}

function step(level, talks, onLevel) {
  const own = talks.filter((one) => one.level === level);
  const values = { number: level, good: count(own, (one) => one.good), count: own.length };
  const state = !own.length ? "new" : values.good ? "reached" : "tried";
  return el(
    "li",
    { class: `step ${state} step-${level}` },
    el("h3", {}, fill(texts.start.level_name, { number: level }), el("span", { class: "soft" }, ` ${texts.start.levels[level]}`)),
    el("p", {}, own.length ? t.step_truth[level] : t.step_secret),
    el("p", {}, el("b", {}, own.length ? fill(t.step_done, values) : t.step_new)),
    button(fill(t.step_try, { number: level }), () => onLevel(level), { class: "quiet" }),
  );
}

function partnerRow(id, talks) {
  const own = talks.filter((one) => one.partner === id);
  const partner = partnerOf(id, own[0].name);
  const good = count(own, (one) => one.good);
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, el("span", { class: "face" }, portrait(id, partner.pronoun)), ` ${partner.full_name}`),
    el("td", {}, String(own.length)),
    el("td", {}, bar(good, own.length, fill(t.bar, { name: partner.name, good, count: own.length })), ` ${fill(t.of, { good, count: own.length })}`),
  );
}

// Args: talks, oldest first; onStart(); onLevel(level).
export function showProgress(talks, { onStart, onLevel }) {
  const head = title();
  if (!talks.length) {
    at("view-progress").replaceChildren(head, el("p", {}, t.none), button(t.none_button, onStart, { class: "main" }));
    return head;
  }
  const partners = [...new Set(talks.map((one) => one.partner))];
  const table = el(
    "table",
    {},
    el("thead", {}, el("tr", {}, ...t.partner_head.map((text) => el("th", { scope: "col" }, text)))),
    el("tbody", {}, ...partners.map((id) => partnerRow(id, talks))),
  );
  at("view-progress").replaceChildren(
    head,
    el("p", {}, t.intro),
    el("section", { class: "card" }, el("h2", {}, t.criteria), el("p", { class: "soft" }, t.legend), el("ul", { role: "list", class: "plain" }, ...config.criteria.map((c) => criterionRow(c, talks)))),
    el("section", { class: "card" }, el("h2", {}, t.ladder), el("p", { class: "soft" }, t.ladder_note), el("ol", { role: "list", class: "ladder" }, ...LEVELS.map((level) => step(level, talks, onLevel)))),
    el("section", { class: "card" }, el("h2", {}, t.partners), table),
  );
  return head;
}

export function showWaiting() {
  at("view-progress").replaceChildren(title(), el("p", { class: "soft" }, t.loading));
}
