// Speech in and out, where the browser offers Dutch; everything works without.
// Nothing leaves the machine by itself: voices must stand on this device, and listening, which many browsers leave to
// their maker's servers, starts only after the user was told so and said yes.
import { button, el, fill } from "./dom.js";
import { drop, keep, kept } from "./store.js";
import { texts } from "./texts.js";

const LANGUAGE = "nl-NL";
const t = texts.speech;
const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;

const isDutch = (voice) => /^nl\b/i.test(voice.lang.replace("_", "-"));

// A Dutch voice of this device, from the Netherlands before Belgium; null when there is none.
function dutchVoice() {
  const voices = window.speechSynthesis?.getVoices().filter((voice) => voice.localService && isDutch(voice)) ?? [];
  return voices.find((voice) => /NL$/i.test(voice.lang)) ?? voices[0] ?? null;
}

// How Dutch can be understood: "here" (on this device), "away" (by a service of the browser's maker), null (not at all).
async function dutchEars() {
  if (!Recognition) return null;
  if (!Recognition.available) return "away"; // an older browser does not tell; it answers when it is tried
  const can = async (processLocally) => {
    try {
      return await Recognition.available({ langs: [LANGUAGE], processLocally });
    } catch {
      return "unavailable";
    }
  };
  if ((await can(true)) === "available") return "here";
  return (await can(false)) === "unavailable" ? null : "away";
}

// Args: place - an empty element; insert(text) - puts what was heard in the text box.
// Returns say(text), to read a line aloud when the user wants that, and quiet(), to stop speaking and listening.
export function makeSpeech({ place, insert }) {
  let ears = null;
  let voice = null;
  let listening = null; // the recognition that is going on

  const status = el("p", { role: "status", class: "soft" });
  const speak = button(t.speak, () => (listening ? listening.stop() : begin()), { class: "quiet", "aria-pressed": "false", hidden: "" });
  const aloud = button(t.aloud, toggleAloud, { class: "quiet", "aria-pressed": String(kept("aloud", false)), hidden: "" });
  const about = el("div", { class: "about" });
  const details = el("details", {}, el("summary", {}, t.about), about);
  const consent = el("dialog", { "aria-labelledby": "speech-title", "aria-describedby": "speech-text" });
  place.replaceChildren(el("div", { class: "row" }, speak, aloud, details), status, consent);

  // --- in

  const mayListen = () => kept("may_listen") === ears;

  function begin() {
    if (mayListen()) listen();
    else ask();
  }

  function ask() {
    const answer = (value) => button(value === "yes" ? t.consent_yes : t.consent_no, () => consent.close(value));
    consent.replaceChildren(
      el("h2", { id: "speech-title" }, t.consent),
      el("p", { id: "speech-text" }, ears === "here" ? t.consent_here : t.consent_away),
      el("div", { class: "row" }, answer("yes"), answer("no")),
    );
    consent.returnValue = "";
    consent.showModal();
  }

  consent.addEventListener("close", () => {
    if (consent.returnValue !== "yes") return;
    keep("may_listen", ears);
    explain();
    listen();
  });

  function listen() {
    window.speechSynthesis?.cancel(); // it would hear itself
    const recognition = new Recognition();
    recognition.lang = LANGUAGE;
    recognition.continuous = true;
    recognition.interimResults = true;
    if (ears === "here") recognition.processLocally = true;
    let heard = false;
    let failed = false;
    recognition.onresult = (event) => {
      let unsure = "";
      for (const result of [...event.results].slice(event.resultIndex)) {
        const text = result[0].transcript.trim();
        if (result.isFinal && text) {
          heard = true;
          insert(text);
        } else unsure += ` ${text}`;
      }
      if (unsure.trim()) status.textContent = fill(t.heard, { text: unsure.trim() });
    };
    recognition.onerror = ({ error }) => {
      failed = true;
      if (error !== "aborted") status.textContent = t.errors[error === "service-not-allowed" ? "not-allowed" : error] ?? t.errors.other;
    };
    recognition.onend = () => {
      if (listening === recognition) setListening(null);
      if (!failed) status.textContent = heard ? t.check : "";
    };
    try {
      recognition.start();
    } catch {
      status.textContent = t.errors.other;
      return;
    }
    setListening(recognition);
    status.textContent = t.listening;
  }

  function setListening(recognition) {
    listening = recognition;
    speak.setAttribute("aria-pressed", String(Boolean(recognition)));
    speak.textContent = recognition ? t.stop : t.speak;
  }

  // --- out

  function toggleAloud() {
    const on = aloud.getAttribute("aria-pressed") !== "true";
    aloud.setAttribute("aria-pressed", String(on));
    keep("aloud", on);
    if (!on) window.speechSynthesis.cancel();
  }

  function say(text) {
    if (!voice || aloud.getAttribute("aria-pressed") !== "true") return;
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    window.speechSynthesis.speak(utterance);
  }

  function quiet() {
    listening?.abort();
    window.speechSynthesis?.cancel();
    status.textContent = "";
  }

  // --- what is there, and what is not

  function explain() {
    const withdraw = button(t.withdraw, () => {
      drop("may_listen");
      listening?.abort();
      status.textContent = t.withdrawn;
      explain();
      details.querySelector("summary").focus();
    }, { class: "link" });
    about.replaceChildren(
      el("p", {}, !ears ? t.no_speak : mayListen() ? (ears === "here" ? t.consent_here : t.consent_away) : t.can_speak),
      ...(ears && mayListen() ? [el("p", {}, withdraw)] : []),
      el("p", {}, voice ? t.can_aloud : t.no_aloud),
    );
    speak.hidden = !ears;
    aloud.hidden = !voice;
  }

  function findVoice() {
    voice = dutchVoice();
    explain();
  }

  window.speechSynthesis?.addEventListener?.("voiceschanged", findVoice);
  addEventListener("pagehide", quiet);
  findVoice();
  dutchEars().then((found) => {
    ears = found;
    explain();
  });

  return { say, quiet };
}
