// The chat page. Everything that comes from outside goes into the page as text, never as HTML.
import { debriefCard, experienceCard } from "./cards.js";
import { el, fill } from "./dom.js";

const json = (id) => JSON.parse(document.getElementById(id).textContent);
const at = (id) => document.getElementById(id);

const texts = json("texts");
const limits = json("limits");
const COUNT_FROM = limits.text - 200;

const log = at("log");
const scroller = at("talk");
const choices = at("choices");
const controls = at("controls");
const status = at("status");
const waiting = at("waiting");
const notice = at("notice");
const form = at("composer");
const box = at("text");
const counter = at("counter");

let busy = false;
let unsent = { text: "", id: "" }; // a message that failed keeps its id, so that it is not answered twice

const length = (text) => [...text].length; // characters as the server counts them

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
}

// --- what is shown

function bubble(kind, name, text) {
  return el("article", { class: `bubble ${kind}` }, el("p", { class: "name" }, name), el("p", {}, text));
}

function nodeOf(item) {
  if (item.user) return bubble("user", texts.you, item.text);
  if (item.custom) {
    if (item.custom.type === "debrief") return debriefCard(item.custom, texts.debrief);
    if (item.custom.type === "experience") return experienceCard(item.custom, texts);
    return null;
  }
  if (!item.text) return null;
  return item.name ? bubble("partner", item.name, item.text) : bubble("program", texts.program, item.text);
}

function show(items) {
  const added = [];
  let buttons = [];
  for (const item of items) {
    if (item.custom?.type === "partner") {
      const over = item.custom.phase === "ended";
      status.textContent = fill(over ? texts.talk_over : texts.talking_to, { name: item.custom.name });
    }
    const node = nodeOf(item);
    if (node) added.push(node);
    buttons = item.buttons ?? (item.user ? [] : buttons);
  }
  log.append(...added);
  offer(buttons);
  return added;
}

function offer(buttons) {
  choices.replaceChildren(
    ...buttons.map(({ title, payload }) => {
      const button = el("button", { type: "button" }, title);
      button.addEventListener("click", () => choose(payload));
      return button;
    }),
  );
  choices.hidden = buttons.length === 0;
}

function reveal(added) {
  const card = added.find((node) => node.matches(".card"));
  if (!card) {
    scroller.scrollTop = scroller.scrollHeight;
    return;
  }
  card.scrollIntoView({ block: "start" });
  card.querySelector("h2").focus({ preventScroll: true });
}

function warn(text, again) {
  notice.replaceChildren(el("span", {}, text));
  if (again) {
    const button = el("button", { type: "button" }, texts.retry);
    button.addEventListener("click", again);
    notice.append(button);
  }
  notice.hidden = false;
}

function unwarn() {
  notice.hidden = true;
  notice.replaceChildren();
}

function setBusy(now, text = texts.waiting) {
  busy = now;
  box.readOnly = now;
  waiting.textContent = now ? text : "";
  for (const button of document.querySelectorAll("button")) {
    if (now) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

function count() {
  const used = length(box.value.trim());
  const over = used > limits.text;
  counter.classList.toggle("over", over);
  box.setAttribute("aria-invalid", String(over));
  if (used < COUNT_FROM) counter.textContent = "";
  else counter.textContent = fill(over ? texts.over : texts.left, { count: Math.abs(limits.text - used) });
  return over;
}

// --- what is sent

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { ...options, credentials: "same-origin" });
    const answer = await response.json();
    if (response.ok) return answer;
    return { error: answer.error ?? texts.errors.ours };
  } catch {
    return { error: texts.errors.offline };
  }
}

// Sends one message; true when it was answered.
async function send(text, { payload = false, id = newId() } = {}) {
  unwarn();
  setBusy(true);
  const answer = await ask("/api/messages", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ text, id, payload }),
  });
  setBusy(false);
  if (answer.error || answer.trouble) {
    const again = payload ? () => choose(text) : null;
    warn(answer.error ?? answer.replies[0].text, again);
    return false;
  }
  reveal(show(answer.replies));
  return true;
}

async function choose(payload) {
  if (busy) return;
  const hadFocus = choices.contains(document.activeElement) || notice.contains(document.activeElement);
  const sent = await send(payload, { payload: true });
  if (sent && hadFocus && !document.activeElement?.closest(".card")) box.focus();
}

async function say() {
  const text = box.value.trim();
  if (busy) return;
  if (!text) {
    warn(texts.errors.empty);
    return;
  }
  if (count()) return;
  if (unsent.text !== text) unsent = { text, id: newId() };
  const mine = bubble("user", texts.you, text);
  const before = box.value;
  log.append(mine);
  box.value = "";
  count();
  scroller.scrollTop = scroller.scrollHeight;
  if (await send(text, { id: unsent.id })) {
    unsent = { text: "", id: "" };
  } else {
    mine.remove();
    box.value = before;
    count();
  }
  if (!document.activeElement?.closest(".card")) box.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  say();
});
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  say();
});
box.addEventListener("input", count);
controls.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) choose(button.dataset.payload);
});

// --- start, or go on where the user was

async function load() {
  unwarn();
  setBusy(true, texts.loading);
  const answer = await ask("/api/history");
  setBusy(false);
  if (answer.error) {
    warn(answer.error, load);
    return false;
  }
  if (answer.messages.length === 0) return true;
  log.setAttribute("aria-live", "off"); // what was read before is not read out again
  log.replaceChildren();
  show(answer.messages);
  scroller.style.scrollBehavior = "auto";
  scroller.scrollTop = scroller.scrollHeight;
  requestAnimationFrame(() => {
    scroller.style.scrollBehavior = "";
    log.setAttribute("aria-live", "polite");
  });
  return false;
}

if (await load()) await send("/session_start", { payload: true });
count();
