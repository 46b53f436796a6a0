// The talk: what is said goes out, what comes back is shown, and the rest of the page hears how it stands.
import { experience, mine, note, sent, takeBack, theirs, waiting } from "./bubbles.js";
import { makeComposer } from "./composer.js";
import { announce, at, button, el, fill } from "./dom.js";
import { newId } from "./net.js";
import { deliver, giveUp, tryNow } from "./outbox.js";
import { makePanel } from "./panel.js";
import { portrait } from "./portrait.js";
import { preparedRows } from "./preparation.js";
import { makeSpeech } from "./speech.js";
import { drop, keep, kept } from "./store.js";
import { partnerOf, texts } from "./texts.js";
import { typing } from "./typing.js";

const t = texts.talk;
const STARTS = /^\/(start_practice|same_partner|practise_own|share_experience)\b/;

// Args: onDebrief(debrief, atOnce), onState(state), onPartners() - to choose somebody else, notify(text).
export function makeTalk({ onDebrief, onState, onPartners, notify }) {
  const log = at("log");
  const scroller = at("scroller");
  const choices = at("choices");
  const state = { partner: null, going: false, own: false, debrief: null, turns: [] };
  const panel = makePanel();
  const composer = makeComposer(say);
  const speech = makeSpeech({ place: at("speech"), insert: (text) => composer.set([composer.text(), text].filter(Boolean).join(" ")) });
  let busy = false;
  let ready = false; // what was said before is there

  const bottom = () => {
    scroller.scrollTop = scroller.scrollHeight;
  };

  function setBusy(now) {
    busy = now;
    for (const one of at("view-talk").querySelectorAll(".stream button")) {
      if (now && !one.closest(".state")) one.setAttribute("aria-disabled", "true");
      else one.removeAttribute("aria-disabled");
    }
    if (!now) at("waiting").textContent = "";
  }

  function add(node) {
    log.append(node);
    bottom();
    return node;
  }

  function showHead() {
    const name = state.partner?.name;
    const title = state.own ? t.own : state.going ? fill(t.with, { name }) : fill(t.over, { name });
    at("talk-title").textContent = state.partner || state.own ? title : texts.nav.talk;
    at("talk-role").textContent = state.partner ? [state.partner.role, state.partner.organisation].filter(Boolean).join(", ") : "";
    at("talk-face").replaceChildren(...(state.partner ? [portrait(state.partner.id, state.partner.pronoun)] : []));
    panel.show(Boolean(state.partner));
    panel.showPrepared(state.partner ? preparedRows() : []);
    at("ended").hidden = state.going || !state.debrief;
    at("foot").hidden = !state.going;
    for (const one of at("controls").querySelectorAll("button")) {
      const isStop = one.dataset.payload === "/stop";
      one.hidden = state.own && !isStop;
      if (isStop) one.textContent = state.own ? t.stop_own : t.stop;
    }
    onState(state);
  }

  function showEnd() {
    const d = state.debrief;
    const to = button(t.to_debrief, () => onDebrief(d, true), { class: "main" });
    at("ended").replaceChildren(
      el("p", {}, el("b", {}, fill(t.ended, { name: state.partner?.name ?? d.partner })), ` ${d.outcome_text}`),
      el("div", { class: "row" }, to, button(t.again, () => press("/try_again")), button(t.same, () => press("/same_partner")), button(t.other, onPartners)),
    );
    at("ended").hidden = false;
    return to;
  }

  // --- what comes back

  function onPartner(c) {
    state.partner = partnerOf(c.partner, c.name);
    state.own = false;
    state.going = c.phase !== "ended";
    if (state.going) state.debrief = null;
    const last = (kind) => [...log.querySelectorAll(`.bubble.${kind}:not([data-turn])`)].at(-1);
    last("partner")?.setAttribute("data-turn", c.turn);
    if (c.reply === null) {
      for (const one of log.querySelectorAll(".bubble.user[data-turn], .bubble.partner[data-turn]")) {
        if (Number(one.dataset.turn) > c.turn) takeBack(one);
      }
    } else last("user")?.setAttribute("data-turn", c.turn);
    state.turns.length = Math.min(state.turns.length, c.turn + 1);
    if (c.reply !== null) state.turns[c.turn] = c;
    const said = new Set(state.turns.flatMap((turn) => turn.elements.map((e) => e.element)));
    panel.update(state.partner, c, [...said]);
  }

  function nodeOf(item) {
    if (item.user) return mine(item.text, item.at);
    if (item.custom?.type === "experience") return experience(item.custom);
    if (!item.text || (item.buttons && state.debrief)) return null; // after a talk the page has its own ways on
    if (item.name) return theirs(item.name, item.text, item.at);
    const isScene = !log.querySelector(".note, .bubble") && !state.own;
    return note(item.text, isScene ? t.scene : null);
  }

  async function show(items, since = null) {
    let buttons = [];
    let card = null;
    for (const item of items) {
      if (since !== null && item.name) await typing(item.name, item.text, since, bottom);
      const node = nodeOf(item);
      if (node) add(node);
      if (since !== null && item.name) speech.say(item.text);
      if (item.custom?.type === "partner") onPartner(item.custom);
      if (item.custom?.type === "experience") card = node;
      if (item.custom?.type === "debrief") {
        state.debrief = item.custom;
        state.going = false;
      }
      buttons = item.buttons ?? (item.user ? [] : buttons);
    }
    offer(state.debrief ? [] : buttons);
    return card;
  }

  function offer(buttons) {
    const press_ = (payload) => (payload === "/choose_partner" ? onPartners() : press(payload));
    choices.replaceChildren(...buttons.map(({ title, payload }) => button(title, () => press_(payload))));
    choices.hidden = buttons.length === 0;
    bottom();
  }

  // --- what goes out

  function clear() {
    log.replaceChildren();
    offer([]);
    Object.assign(state, { partner: null, going: true, own: false, debrief: null, turns: [] });
  }

  async function receive(answer, since, hadFocus) {
    const card = await show(answer.replies, since);
    setBusy(false);
    const spoke = answer.replies.some((item) => item.name);
    showHead();
    if (state.debrief && answer.replies.some((item) => item.custom?.type === "debrief")) {
      const to = showEnd();
      onDebrief(state.debrief, !spoke);
      if (spoke) to.focus();
      bottom();
    } else if (card) card.querySelector("h2").focus();
    else if (hadFocus) composer.focus();
  }

  // Sends one message and shows what comes back; false when it did not work, with a notice.
  async function send(message, { node = null, hadFocus = true } = {}) {
    const since = performance.now();
    speech.quiet();
    notify("");
    setBusy(true);
    const answer = await deliver(message, (tried, error) => {
      if (node) waiting(node, { onNow: tryNow, onCancel: giveUp });
      else at("waiting").replaceChildren(t.queued, " ", button(t.cancel, giveUp, { class: "link" }));
      bottom();
      if (tried === 0) announce(`${error} ${t.queued}`);
    });
    if (node) sent(node);
    if (answer && !answer.error && !answer.trouble) {
      await receive(answer, since, hadFocus);
      return true;
    }
    setBusy(false);
    if (answer) notify(answer.error ?? answer.replies[0].text);
    return false;
  }

  async function press(payload) {
    if (busy) return false;
    const starts = STARTS.test(payload);
    if (starts) {
      clear();
      state.own = payload.startsWith("/share_experience");
      showHead();
    }
    return send({ text: payload, id: newId(), payload: true });
  }

  async function say(text) {
    if (busy || !ready) {
      at("waiting").textContent = busy ? t.waiting : texts.loading;
      return;
    }
    if (!text) {
      notify(texts.errors.empty);
      return;
    }
    const message = { text, id: newId(), payload: false };
    keep("outbox", message);
    composer.set("");
    await post(message);
  }

  async function post(message) {
    const node = add(mine(message.text));
    const worked = await send(message, { node });
    drop("outbox");
    if (worked) return;
    node.remove();
    composer.set([message.text, composer.text()].filter(Boolean).join("\n"));
    composer.focus();
  }

  at("controls").addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    if (pressed) press(pressed.dataset.payload);
  });

  // What was said before, after a reload; a message that was still waiting goes on its way again.
  async function load(messages) {
    ready = true;
    if (busy) return; // something new was begun meanwhile
    at("waiting").textContent = "";
    log.setAttribute("aria-live", "off"); // what was read before is not read out again
    clear();
    state.own = messages.length > 0 && !messages.some((item) => item.custom?.type === "partner");
    state.going = messages.length > 0;
    await show(messages);
    showHead();
    if (state.debrief) showEnd();
    requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
    const unsent = kept("outbox");
    if (!unsent) return;
    if (messages.some((item) => item.id === unsent.id)) drop("outbox");
    else if (state.going) post(unsent);
    else drop("outbox");
  }

  // A new talk, or one's own experience. Args: payload; consent: true or false when it is to be told, else null.
  async function begin(payload, consent = null) {
    if (busy) return false;
    if (consent !== null && !(await tellConsent(consent))) return false;
    return press(payload);
  }

  async function tellConsent(given) {
    clear();
    setBusy(true);
    const payload = `/consent${JSON.stringify({ coach_may_read: given })}`;
    const answer = await deliver({ text: payload, id: newId(), payload: true }, (tried, error) => notify(error));
    setBusy(false);
    if (answer && !answer.error && !answer.trouble) return true;
    notify(answer?.error ?? "");
    return false;
  }

  return { state, load, begin, press, bottom, closePanel: panel.close, focus: composer.focus, refresh: composer.refresh };
}
