// What this browser keeps for its user: a draft, a message that waits, the preparation, choices. Nothing of it is sent.
// A browser that refuses to keep things (private mode, a frame on another site) only forgets sooner.
import { config } from "./texts.js";

// a frame on another site is another talk; where that site is a neighbour (a.coach.nl), they share this storage
const PREFIX = config.embed ? "weerwoord.embed." : "weerwoord.";
const forgotten = new Map();

export function kept(name, fallback = null) {
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text === null ? fallback : JSON.parse(text);
  } catch {
    return forgotten.get(name) ?? fallback;
  }
}

export function keep(name, value) {
  forgotten.set(name, value);
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // full, or not allowed
  }
}

export function drop(name) {
  forgotten.delete(name);
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // not allowed
  }
}

export function dropAll() {
  for (const name of ["draft", "outbox", "preparation", "help_off", "chosen", "meant", "may_listen", "aloud"]) drop(name);
}
