// Asking the server: always an object back, with `error` (a sentence) when it went wrong and `away` when it may help
// to ask again later.
import { config, texts } from "./texts.js";

const AWAY = [429, 502, 503, 504]; // too often, or nobody there: asking later may help
const LIMIT = 45_000; // ms; the server itself gives up on the assistant after 30 s
const FRAME = config.embed ? "/embed" : "";
const FRAME_HEADER = "Weerwoord-Talk";
let talk = ""; // in a frame whose cookie the browser refuses: what names this talk, until a reload

export async function ask(path, body) {
  const headers = talk ? { [FRAME_HEADER]: talk } : {};
  const how = body === undefined ? { headers } : { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body) };
  let response;
  try {
    response = await fetch(FRAME + path, { ...how, credentials: "same-origin", signal: AbortSignal.timeout(LIMIT) });
  } catch {
    return { error: texts.errors.offline, away: true };
  }
  talk = response.headers.get(FRAME_HEADER) ?? talk;
  const away = AWAY.includes(response.status);
  try {
    const answer = await response.json();
    if (response.ok) return answer;
    return { error: answer.error ?? texts.errors.ours, away, status: response.status };
  } catch {
    return { error: away ? texts.errors.away : texts.errors.ours, away, status: response.status };
  }
}

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
}
