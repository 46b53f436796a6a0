// Keep a debrief as a text file or on paper, or mail it to the coach. The program itself sends nothing.
import { button, dayOf, el, fill } from "./dom.js";
import { config, texts } from "./texts.js";

const t = texts.debrief;
const MAIL_LIMIT = 1500; // characters; some mail programs cut a longer link

function talkAsText(d, names) {
  const standing = d.timeline.filter((m) => !m.retried);
  const line = (name, text) => fill(t.said_by, { name, text });
  const turns = standing.flatMap((m) => [line(names.partner, m.heard), line(texts.talk.you, m.reply)]);
  return [t.talk_text, "", ...turns, ...standing.slice(-1).map((m) => line(names.partner, m.line))].join("\n");
}

function save(d, names, when) {
  const text = [dayOf(when), talkAsText(d, names), d.text ?? ""].join("\n\n");
  const date = new Date(when * 1000).toISOString().slice(0, 10);
  const name = names.partner.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const url = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/plain;charset=utf-8" }));
  const link = el("a", { href: url, download: fill(t.file, { partner: name, date }) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function mailLink(d) {
  const verdicts = d.criteria.map((c) => fill(t.mail_verdict, { name: c.name, verdict: c.verdict_name }));
  const body = [d.outcome_text, "", ...verdicts, "", d.next_step].join("\n").slice(0, MAIL_LIMIT);
  const query = `subject=${encodeURIComponent(fill(t.mail_subject, d))}&body=${encodeURIComponent(`${body}\n\n${t.mail_more}`.replaceAll("\n", "\r\n"))}`;
  return `mailto:${encodeURIComponent(config.coach_email).replace("%40", "@")}?${query}`;
}

export function keepingTools(d, names, when) {
  return el(
    "div",
    {},
    el("div", { class: "row" }, button(t.save, () => save(d, names, when)), button(t.print, () => print()), el("a", { class: "button", href: mailLink(d) }, t.mail)),
    el("p", { class: "soft" }, t.mail_note),
  );
}
