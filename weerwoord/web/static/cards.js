// The cards: the debrief of a talk, and the account of one's own experience.
import { el, fill, fillNodes } from "./dom.js";

const own = (words) => el("mark", {}, words);

const listOf = (items) => (items.length ? el("ul", {}, ...items) : null);

function criterion(c, t) {
  const quotes = c.quotes.map((q) => el("li", {}, ...fillNodes(t.quote, { words: own(q.words), name: q.name })));
  const missing = c.missing.map((text) => el("li", {}, text));
  return el(
    "section",
    {},
    el(
      "div",
      { class: "heading" },
      el("h3", {}, fill(t.tip, c)),
      el("span", { class: `verdict ${c.verdict}` }, c.verdict_name),
    ),
    el("p", {}, c.spoken),
    listOf(quotes),
    ...(missing.length
      ? [
          el("p", { class: "label" }, t.missing),
          listOf(missing),
          el("p", {}, fill(t.why, { text: c.why })),
          el("blockquote", {}, fill(t.example, { words: `“${c.example}”` })),
        ]
      : []),
  );
}

function block(title, items) {
  return items.length ? el("section", {}, el("h3", {}, title), listOf(items)) : null;
}

function said(label, text, kind = "") {
  if (!text) return null;
  return el("p", { class: `text ${kind}` }, el("span", { class: "label" }, label), ` ${text}`);
}

function timeline(d, t) {
  if (!d.timeline.length) return null;
  const names = { partner: d.partner };
  const turns = d.timeline.map((m) =>
    el(
      "li",
      {},
      el("p", { class: "label" }, fill(m.retried ? t.retried : t.turn, m)),
      said(fill(t.heard, names), m.heard),
      said(t.reply, m.reply),
      said(fill(t.line, names), m.line),
      said(fill(t.thought, names), m.thought, "thought"),
    ),
  );
  const open = el("details", { open: "" }, el("summary", {}, fill(t.timeline, names)), el("ol", { role: "list" }, ...turns));
  return el("section", {}, open);
}

export function debriefCard(d, t) {
  const pitfalls = d.pitfalls.map((p) =>
    el("li", {}, ...fillNodes(t.pitfall, { words: own(p.quote.words), name: p.quote.name }), ` ${p.why}`),
  );
  const good = d.good.map((q) => el("li", {}, ...fillNodes(t.quote, { words: own(q.words), name: q.name })));
  const doubtful = d.doubtful.map((q) =>
    el("li", {}, ...fillNodes(t.doubt, { words: own(q.words), name: q.name })),
  );
  return el(
    "article",
    { class: "card" },
    el("h2", { tabindex: "-1" }, fill(t.title, d)),
    el("p", {}, d.outcome_text),
    el("p", {}, d.truth),
    el("p", {}, d.works),
    ...d.criteria.map((c) => criterion(c, t)),
    block(t.good, good),
    block(t.pitfalls, pitfalls),
    block(t.doubtful, doubtful),
    timeline(d, t),
    el("section", { class: "next" }, el("h3", {}, t.next), el("p", {}, d.next_step)),
  );
}

export function experienceCard(told, t) {
  const [title, ...rest] = told.text.split("\n");
  const link = told.mailto?.startsWith("mailto:") ? el("a", { href: told.mailto }, t.mail) : null;
  return el(
    "article",
    { class: "card" },
    el("h2", { tabindex: "-1" }, title),
    el("p", { class: "text" }, rest.join("\n").trim()),
    el("p", {}, link, ` ${t.mail_note}`),
  );
}
