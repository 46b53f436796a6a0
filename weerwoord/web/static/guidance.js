// What a coach adds: the group one is in, the exercises set for it, and remarks at a talk.
import { announce, at, button, dayOf, el, fill } from "./dom.js";
import { ask } from "./net.js";
import { config, texts } from "./texts.js";

const t = texts.guidance;

function exercise(one) {
  const partner = one.partner_name ? fill(t.with_partner, { name: one.partner_name }) : t.any_partner;
  const level = one.level ? ` ${fill(t.level, { number: one.level })}` : "";
  const state = one.done ? el("b", {}, ` ${t.done}`) : el("span", { class: "soft" }, ` ${fill(t.due, { day: dayOf(one.due_at) })}`);
  return el("li", {}, `${fill(t.exercise, { criterion: one.criterion_name })} ${partner}${level}`, state);
}

function joining(place) {
  const wrong = el("p", { class: "wrong", role: "alert", id: "group-wrong" });
  const box = el("input", { name: "code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", "aria-describedby": "group-wrong" });
  const form = el("form", { id: "group-join" }, el("p", {}, t.text), el("label", {}, t.code, box), wrong, el("button", { class: "quiet" }, t.join));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await ask("/api/group", { code: box.value });
    wrong.textContent = answer.error ?? "";
    box.setAttribute("aria-invalid", String(Boolean(answer.error)));
    if (answer.error) box.focus();
    else await showGuidance(place, true);
  });
  return [form];
}

function member(place, group, exercises) {
  const leave = button(t.leave, async () => {
    const answer = await ask("/api/group/leave", {});
    if (!answer.error) await showGuidance(place, true);
  }, { class: "quiet" });
  const list = exercises.length ? [el("h3", {}, t.exercises), el("ul", {}, ...exercises.map(exercise))] : [];
  return [el("p", { tabindex: "-1" }, fill(t.joined, { name: group })), el("p", { class: "soft" }, t.consent), ...list, leave];
}

// Args: place - node to fill; changed - the user just joined or left, so focus goes to what is new.
export async function showGuidance(place = at("guidance"), changed = false) {
  if (config.embed) return;
  const [own, set] = await Promise.all([ask("/api/group"), ask("/api/exercises")]);
  if (own.error) return;
  place.replaceChildren(...(own.group ? member(place, own.group, set.exercises ?? []) : joining(place)));
  if (!changed) return;
  place.querySelector("[tabindex], input").focus();
  announce(own.group ? fill(t.joined, { name: own.group }) : t.left);
}

// Puts what coaches wrote at a talk below its debrief. Args: key - of the talk; timeline - its turns, as played.
export async function addRemarks(key, timeline) {
  const answer = await ask(`/api/talks/${encodeURIComponent(key)}/remarks`);
  if (!answer.remarks?.length) return;
  const items = answer.remarks.map((one) => {
    const about = one.turn ? fill(t.remark_at, { coach: one.coach, words: timeline[one.turn - 1]?.reply ?? "" }) : fill(t.remark_whole, { coach: one.coach });
    return el("li", {}, el("p", { class: "soft" }, about), el("blockquote", { class: "said" }, one.text));
  });
  at("remarks")?.remove();
  at("view-after").append(el("section", { class: "card", id: "remarks", "aria-labelledby": "remarks-title" }, el("h2", { id: "remarks-title" }, t.remarks), el("ul", { role: "list", class: "plain" }, ...items)));
}
