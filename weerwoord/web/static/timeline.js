// Turn by turn: what was said, what he thought, how his interest went; and attempts side by side.
import { moodChart } from "./chart.js";
import { button, el, fill } from "./dom.js";
import { config, texts } from "./texts.js";

const t = texts.debrief;

// The user's reply with the words that counted marked.
export function marked(text, words) {
  const spans = words
    .map((w) => [text.indexOf(w), w.length])
    .filter(([start, length]) => start >= 0 && length > 0)
    .sort((a, b) => a[0] - b[0]);
  const parts = [];
  let done = 0;
  for (const [start, length] of spans) {
    if (start + length <= done) continue;
    const from = Math.max(start, done);
    parts.push(text.slice(done, from), el("mark", {}, text.slice(from, start + length)));
    done = start + length;
  }
  parts.push(text.slice(done));
  return parts;
}

function said(label, nodes, kind) {
  return el("div", { class: `line-of ${kind}` }, el("p", { class: "label" }, label), el("p", { class: "said" }, ...[nodes].flat()));
}

function moment(m, before, { names, words, mayRetry, onRetry }) {
  const again = mayRetry && !m.retried ? button(t.again_short, () => onRetry(m.turn), { "aria-label": fill(t.again, m), class: "quiet" }) : null;
  return el(
    "li",
    { class: m.retried ? "moment retried" : "moment" },
    el("div", { class: "moment-head" }, el("h3", {}, fill(m.retried ? t.retried : t.turn, m)), el("span", { class: "soft" }, fill(t.mood, m))),
    el(
      "div",
      { class: "moment-body" },
      el("div", {}, m.heard === before?.line ? null : said(fill(t.heard, names), m.heard, "theirs"), said(t.reply, m.retried ? m.reply : marked(m.reply, words), "ours"), said(fill(t.line, names), m.line, "theirs")),
      m.thought ? el("div", { class: "thought" }, el("p", { class: "label" }, fill(t.thought, names)), el("p", {}, m.thought)) : null,
    ),
    again,
  );
}

// Args: d: the debrief; names: {partner}; mayRetry and onRetry(turn).
export function timeline(d, { names, mayRetry, onRetry }) {
  if (!d.timeline.length) return null;
  const quotes = [...d.criteria.flatMap((c) => c.quotes), ...d.good];
  const standing = d.timeline.filter((m) => !m.retried);
  const points = [{ ...d.start, name: t.chart_start }, ...standing.map((m) => ({ ...m, name: String(m.turn) }))];
  const turns = d.timeline.map((m, i) => {
    const words = quotes.filter((q) => q.turn === m.turn).map((q) => q.words);
    return moment(m, d.timeline[i - 1], { names, words, mayRetry, onRetry });
  });
  return el(
    "section",
    { class: "card", "aria-labelledby": "timeline-title" },
    el("h2", { id: "timeline-title" }, t.timeline),
    el("p", { class: "soft" }, fill(t.timeline_note, names)),
    standing.length ? moodChart(points, fill(t.chart, names), texts.panel) : null,
    el("ol", { role: "list", class: "moments" }, ...turns),
  );
}

function attemptCard(d, attempt, number, from, names) {
  const last = number === d.attempts.length;
  const turns = attempt.turns.map((place) => d.timeline[place]);
  const own = turns.filter((m) => m.turn >= from);
  const state = turns.at(-1) ?? d.start;
  const verdicts = config.criteria.map((c) =>
    el("li", {}, `${c.name}: `, el("span", { class: `verdict ${attempt.verdicts[c.id]}` }, texts.panel.states[attempt.verdicts[c.id]])),
  );
  return el(
    "article",
    { class: last ? "attempt last" : "attempt" },
    el("h3", {}, fill(last ? t.attempt_last : t.attempt, { number })),
    el("p", {}, el("b", {}, attempt.ended || last ? attempt.outcome_text : t.attempt_left)),
    el("p", { class: "soft" }, fill(t.mood, state)),
    el("ul", { role: "list", class: "plain" }, ...verdicts),
    ...own.slice(0, 1).flatMap((m) => [said(t.reply, m.reply, "ours"), said(fill(t.line, names), m.line, "theirs"), m.thought ? said(fill(t.thought, names), m.thought, "thinks") : null]),
  );
}

// The first turn in which two attempts differ.
function parting(a, b) {
  const place = a.turns.findIndex((turn, i) => turn !== b.turns[i]);
  return place < 0 ? a.turns.length + 1 : place + 1;
}

export function attempts(d, names) {
  if (d.attempts.length < 2) return null;
  const last = d.attempts.at(-1);
  const from = Math.min(...d.attempts.slice(0, -1).map((one) => parting(one, last)));
  const cards = d.attempts.map((one, i) => attemptCard(d, one, i + 1, from, names));
  return el(
    "section",
    { class: "card", "aria-labelledby": "attempts-title" },
    el("h2", { id: "attempts-title" }, t.attempts),
    el("p", { class: "soft" }, fill(t.attempt_from, { turn: from })),
    el("div", { class: "attempts" }, ...cards),
  );
}
