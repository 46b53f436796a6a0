// The user's own preparation: a form on the start page, kept in this browser, shown beside the talk and in the debrief.
import { at } from "./dom.js";
import { drop, keep, kept } from "./store.js";
import { texts } from "./texts.js";

const FIELDS = ["goal", "who", "what", "why", "via", "question1", "question2", "question3"];
const QUESTIONS = FIELDS.filter((name) => name.startsWith("question"));

// What was filled in: by field, without what is empty.
export function preparation() {
  const all = kept("preparation", {});
  return Object.fromEntries(FIELDS.map((name) => [name, String(all[name] ?? "").trim()]).filter(([, text]) => text));
}

export const pitchOf = (prepared) => ["who", "what", "why", "via"].map((name) => prepared[name]).filter(Boolean);
export const questionsOf = (prepared) => QUESTIONS.map((name) => prepared[name]).filter(Boolean);

// The same as rows of a label and a text.
export function preparedRows(prepared = preparation()) {
  const t = texts.preparation;
  const label = (name) => (QUESTIONS.includes(name) ? t.question.replace("{number}", name.at(-1)) : t[name]);
  return FIELDS.filter((name) => prepared[name]).map((name) => [label(name), prepared[name]]);
}

export function bindPreparation(form) {
  const t = texts.preparation;
  const all = kept("preparation", {});

  function refresh() {
    const filled = Object.keys(preparation()).length > 0;
    at("prepared-state").textContent = `(${filled ? t.filled : t.optional})`;
    at("prepared-clear").hidden = !filled;
    at("share").hidden = !filled || !form.elements.consent.checked;
    at("prepared-kept").textContent = at("share").hidden || !form.elements.share.checked ? t.kept : t.shared;
  }

  for (const name of FIELDS) {
    if (!form.elements[name].value) form.elements[name].value = all[name] ?? "";
  }
  form.addEventListener("input", () => {
    keep("preparation", Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value])));
    refresh();
  });
  at("prepared-clear").addEventListener("click", () => {
    for (const name of FIELDS) form.elements[name].value = "";
    drop("preparation");
    refresh();
    form.elements.goal.focus();
  });
  refresh();
  return { refresh, shared: () => (!at("share").hidden && form.elements.share.checked ? preparation() : null) };
}
