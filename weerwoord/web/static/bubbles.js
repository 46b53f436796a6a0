// What stands in the log of a talk: bubbles with name and time, notes of the program, the account of an experience.
import { button, el, hourOf, now } from "./dom.js";
import { portrait } from "./portrait.js";
import { partnerNamed, texts } from "./texts.js";

function time(at = now()) {
  return el("time", { datetime: new Date(at * 1000).toISOString() }, hourOf(at));
}

function bubble(kind, name, text, at) {
  const head = el("p", { class: "name" }, el("b", {}, name), " ", time(at));
  return el("article", { class: `bubble ${kind}` }, head, el("p", { class: "said" }, text));
}

export const mine = (text, at) => bubble("user", texts.talk.you, text, at);

export function theirs(name, text, at) {
  const node = bubble("partner", name, text, at);
  const { id, pronoun } = partnerNamed(name);
  node.prepend(el("span", { class: "face" }, portrait(id, pronoun)));
  return node;
}

export function note(text, label = null) {
  return el("div", { class: "note" }, label && el("p", { class: "label" }, label), el("p", { class: "said" }, text));
}

export function experience(told) {
  const t = texts.experience;
  const [title, ...rest] = told.text.split("\n");
  const link = told.mailto?.startsWith("mailto:") ? el("a", { href: told.mailto, class: "button" }, t.mail) : null;
  return el(
    "article",
    { class: "card" },
    el("h2", { tabindex: "-1" }, title),
    el("p", { class: "said" }, rest.join("\n").trim()),
    el("p", {}, link, " ", el("span", { class: "soft" }, t.mail_note)),
  );
}

// The line under a message that could not be sent yet.
export function waiting(node, { onNow, onCancel }) {
  const t = texts.talk;
  const line = el("p", { class: "state" }, t.queued, " ", button(t.try_now, onNow, { class: "link" }), " ", button(t.cancel, onCancel, { class: "link" }));
  node.querySelector(".state")?.remove();
  node.classList.add("queued");
  node.append(line);
}

export function sent(node) {
  node.classList.remove("queued");
  node.querySelector(".state")?.remove();
}

// A turn that was done again stays to be read, and says so.
export function takeBack(node) {
  if (node.classList.contains("taken-back")) return;
  node.classList.add("taken-back");
  node.querySelector(".name")?.append(" ", el("span", { class: "tag" }, texts.talk.taken_back));
}
