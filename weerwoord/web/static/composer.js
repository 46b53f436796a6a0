// The text box: grows with the text, keeps a draft, counts near the limit, Enter sends.
import { at, fill } from "./dom.js";
import { drop, keep, kept } from "./store.js";
import { config, texts } from "./texts.js";

const LIMIT = config.limits.text;
const COUNT_FROM = LIMIT - 200;
const TALLEST = 180; // px

export const lengthOf = (text) => [...text].length; // characters as the server counts them

export function makeComposer(onSay) {
  const form = at("composer");
  const box = at("text");
  const counter = at("counter");

  function refresh() {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 2, TALLEST)}px`;
    const used = lengthOf(box.value.trim());
    const over = used > LIMIT;
    const t = texts.talk;
    counter.classList.toggle("over", over);
    box.setAttribute("aria-invalid", String(over));
    if (used < COUNT_FROM) counter.textContent = "";
    else counter.textContent = fill(over ? t.over_limit : t.left, { count: Math.abs(LIMIT - used) });
    return over;
  }

  function set(text) {
    box.value = text;
    if (text) keep("draft", text);
    else drop("draft");
    refresh();
  }

  function say() {
    const text = box.value.trim();
    if (!refresh()) onSay(text);
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
  box.addEventListener("input", () => set(box.value));
  if (!box.value) set(kept("draft", ""));

  return {
    set,
    refresh,
    text: () => box.value.trim(),
    focus: () => box.focus(),
    hasFocus: () => document.activeElement === box,
  };
}
