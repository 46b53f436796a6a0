// After a talk: what counted, what was missing, what he thought, and how to go on.
import { announce, at, button, dayOf, el, fill, fillNodes, now } from "./dom.js";
import { keepingTools } from "./keeping.js";
import { portrait } from "./portrait.js";
import { pitchOf, preparation, questionsOf } from "./preparation.js";
import { partnerNamed, texts } from "./texts.js";
import { attempts, timeline } from "./timeline.js";

const t = texts.debrief;
const own = (words) => el("mark", {}, words);
const listOf = (items, more = {}) => (items.length ? el("ul", more, ...items) : null);
const quote = (q) => el("li", {}, ...fillNodes(t.quote, { words: own(q.words), name: q.name }));

// Words that carried several things are quoted once.
function quotes(list) {
  const groups = new Map();
  for (const q of list) {
    const place = `${q.turn} ${q.words}`;
    groups.set(place, [...(groups.get(place) ?? []), q]);
  }
  return [...groups.values()].map((same) => quote({ words: same[0].words, name: same.map((q) => q.name).join(", ") }));
}

function criterion(c) {
  const better = c.missing.length
    ? [
        el("p", { class: "label" }, t.missing),
        listOf(c.missing.map((text) => el("li", {}, text))),
        el("p", { class: "soft" }, fill(t.why, { text: c.why })),
        el("div", { class: "example" }, el("p", { class: "label" }, t.example), el("blockquote", {}, c.example)),
      ]
    : [];
  return el(
    "article",
    { class: `card criterion-card ${c.verdict}` },
    el("p", { class: "soft tip" }, fill(t.tip, c)),
    el("div", { class: "heading" }, el("h3", {}, c.name), el("span", { class: `verdict ${c.verdict}` }, c.verdict_name)),
    el("p", {}, c.spoken),
    listOf(quotes(c.quotes), { class: "quotes" }),
    ...better,
  );
}

function block(title, items, kind = "") {
  return items.length ? el("section", { class: `card ${kind}` }, el("h2", {}, title), listOf(items)) : null;
}

// What was prepared beside what was heard.
function prepared(d, mine) {
  if (!Object.keys(mine).length) return null;
  const clear = (id) => d.criteria.find((c) => c.id === id)?.verdict === "clear";
  const pitch = pitchOf(mine);
  const questions = questionsOf(mine);
  const asked = d.good.some((q) => q.element === "content_question");
  const part = (text, list, verdict) => [el("p", {}, text), listOf(list.map((one) => el("li", {}, one))), el("p", { class: "soft" }, verdict)];
  return el(
    "section",
    { class: "card" },
    el("h2", {}, t.prepared),
    ...(mine.goal ? part(fill(t.prepared_goal, { text: mine.goal }), [], clear("goal") ? t.goal_said : t.goal_not_said) : []),
    ...(pitch.length ? part(t.prepared_pitch, pitch, clear("pitch") ? t.pitch_said : t.pitch_not_said) : []),
    ...(questions.length ? part(t.prepared_questions, questions, asked ? t.asked : t.not_asked) : []),
  );
}

// A question about what was not surely recognised.
function doubt(q, answered, onAnswer) {
  const place = el("div", { class: "answers" });
  const set = (meant) => {
    onAnswer(q, meant);
    show(meant);
    place.querySelector("button").focus();
  };
  const option = (text, meant) => button(text, () => set(meant), { "aria-label": `${text}: ${fill(t.doubt_question, q)}` });
  function show(meant) {
    const ask = [option(texts.yes, true), option(texts.no, false)];
    const told = [el("p", { role: "status" }, meant ? t.doubt_yes : t.doubt_no), button(t.doubt_undo, () => set(null), { class: "link" })];
    place.replaceChildren(...(meant === null ? ask : told));
  }
  show(answered);
  return el("li", {}, el("p", {}, ...fillNodes(t.doubt, { words: own(q.words) })), el("p", {}, el("b", {}, fill(t.doubt_question, q))), place);
}

function doubts(d, onAnswer) {
  if (!d.doubtful.length) return null;
  const before = (q) => d.answers?.find((a) => a.turn === q.turn && a.element === q.element)?.meant ?? null;
  const list = el("ul", { role: "list", class: "plain doubts" }, ...d.doubtful.map((q) => doubt(q, before(q), onAnswer)));
  return el("section", { class: "card" }, el("h2", {}, t.doubtful), el("p", { class: "soft" }, t.doubtful_note), list);
}

// Shows a debrief. Args: d; mayRetry; onRetry(turn); onSame(); onOther(); onAnswer(quote, answer).
export function showDebrief(d, { mayRetry, onRetry, onSame, onOther, onAnswer }) {
  const partner = partnerNamed(d.partner);
  const names = { partner: partner.name };
  const mine = d.preparation ?? (mayRetry ? preparation() : {});
  const when = d.at ?? now();
  const title = el("h1", { id: "after-title", tabindex: "-1" }, fill(t.title, { partner: d.partner }));
  const hero = el(
    "div",
    { class: `outcome ${d.outcome}` },
    el("span", { class: "face" }, portrait(partner.id, partner.pronoun, d.outcome === "opened" || d.outcome === "appointment" ? 0.9 : 0.3)),
    el("div", {}, title, el("p", { class: "soft" }, dayOf(when)), el("p", { class: "big" }, d.outcome_text)),
  );
  const behind = el("section", { class: "card behind" }, el("h2", {}, t.behind), el("p", {}, d.truth), el("p", {}, d.works));
  const next = el("section", { class: "card next" }, el("h2", {}, t.next), el("p", {}, d.next_step));
  const go = el("div", { class: "row" }, button(t.same, onSame, { class: "main" }), button(t.other, onOther));
  at("view-after").replaceChildren(
    hero,
    el("div", { class: "two" }, behind, next),
    ...[
      attempts(d, names),
      el("section", { class: "criteria" }, el("h2", {}, t.criteria), el("div", { class: "three" }, ...d.criteria.map(criterion))),
      block(t.pitfalls, d.pitfalls.map((p) => el("li", {}, ...fillNodes(t.pitfall, { words: own(p.quote.words), name: p.quote.name }), ` ${p.why}`)), "warn"),
      block(t.good, quotes(d.good)),
      doubts(d, onAnswer),
      prepared(d, mine),
      timeline(d, { names, mayRetry, onRetry }),
    ].filter(Boolean),
    el("section", { class: "card tools" }, el("h2", {}, t.go_on), mayRetry ? go : el("div", { class: "row" }, button(t.other, onOther, { class: "main" })), el("h2", {}, t.keep), keepingTools(d, names, when)),
  );
  return title;
}

export function showNone(text, onStart) {
  const title = el("h1", { id: "after-title", tabindex: "-1" }, t.short);
  at("view-after").replaceChildren(title, el("p", {}, text), button(texts.talk.none_button, onStart, { class: "main" }));
  announce(text);
  return title;
}
