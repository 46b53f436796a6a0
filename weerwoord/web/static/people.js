// Who this is to the server: consent, earlier talks, the code to come back with.
import { at, button, dayOf, el, fill, hourOf } from "./dom.js";
import { ask } from "./net.js";
import { portrait } from "./portrait.js";
import { partnerOf, texts } from "./texts.js";

const PER_TIME = 6; // earlier talks shown at first, and with each press

let known = null; // the answer of /api/talks, newest talk first
let shown = PER_TIME;
let hooks = {};
let loading = Promise.resolve();

function load() {
  loading = fetchTalks();
  return loading;
}

async function fetchTalks() {
  const answer = await ask("/api/talks");
  if (answer.error) return;
  known = answer;
  // who never practised may be known already, but was not asked yet
  hooks.start.showConsent(answer.talks.length || answer.coach_may_read ? answer.coach_may_read : null);
  showEarlier();
}

async function talks() {
  await loading;
  if (!known) await load();
  return known?.talks ?? [];
}

function earlierItem(one) {
  const t = texts.earlier;
  const partner = partnerOf(one.partner, one.name);
  const turns = one.turns === 1 ? t.one_turn : fill(t.turns, { count: one.turns });
  const link = el("a", { href: `#nabespreking-${one.key}` }, fill(t.item, { name: partner.full_name, level: one.level }));
  const when = `${dayOf(one.at)}, ${hourOf(one.at)}, ${turns}`;
  return el("li", {}, el("span", { class: "face" }, portrait(one.partner, partner.pronoun)), el("div", {}, link, el("p", {}, one.outcome_text), el("p", { class: "soft" }, when)));
}

function showEarlier() {
  if (!known) return;
  const t = texts.earlier;
  const talks = known.talks;
  if (!talks.length) {
    at("earlier").replaceChildren(el("p", { class: "soft" }, t.none));
    return;
  }
  const list = el("ul", { role: "list", class: "plain talks" }, ...talks.slice(0, shown).map(earlierItem));
  const more = button(t.more, () => {
    shown += PER_TIME;
    showEarlier();
    at("earlier").querySelectorAll("a")[shown - PER_TIME]?.focus();
  }, { class: "quiet" });
  at("earlier").replaceChildren(list, ...(talks.length > shown ? [more] : []));
}

async function makeCode() {
  const t = texts.code;
  const answer = await ask("/api/code", {});
  if (answer.error) {
    hooks.notify(answer.error);
    return;
  }
  const copy = button(t.copy, async () => {
    await navigator.clipboard?.writeText(answer.code);
    copy.textContent = t.copied;
  }, { class: "quiet" });
  at("code-made").replaceChildren(el("p", {}, t.yours, " ", el("strong", { class: "code" }, answer.code), " ", copy), el("p", { class: "soft" }, t.yours_note));
  at("code-make").textContent = t.again;
}

async function enter(form) {
  const box = form.elements.code;
  const answer = await ask("/api/enter", { code: box.value });
  at("code-wrong").textContent = answer.error ?? "";
  box.setAttribute("aria-invalid", String(Boolean(answer.error)));
  if (answer.error) {
    box.focus();
    return;
  }
  form.reset();
  at("code-made").replaceChildren(el("p", {}, texts.code.entered));
  known = null;
  hooks.onEntered();
}

function init(given) {
  hooks = given;
  at("code-make").addEventListener("click", makeCode);
  at("code-enter").addEventListener("submit", (event) => {
    event.preventDefault();
    enter(event.target);
  });
}

export const people = {
  init,
  load,
  showEarlier,
  debrief: (key) => ask(`/api/talks/${encodeURIComponent(key)}`),
  talks,
  latest: async () => (await talks())[0]?.key,
  answer: (key, { turn, element }, meant) => ask(`/api/talks/${encodeURIComponent(key)}/meant`, { turn, element, meant }),
  prepare: (data) => ask("/api/preparation", data),
};
