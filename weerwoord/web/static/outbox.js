// One message at a time on its way. When the server is away it waits, tries again and goes once: it keeps its id, by
// which the server knows a message that it has answered already.
import { ask } from "./net.js";

const PAUSES = [1000, 2000, 4000, 8000, 15000]; // ms

let wake = null; // ends the pause; with false it gives up

function pause(ms) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => wake(true), ms);
    wake = (goOn) => {
      clearTimeout(timer);
      wake = null;
      resolve(goOn);
    };
  });
}

export const tryNow = () => wake?.(true);
export const giveUp = () => wake?.(false);

addEventListener("online", tryNow);

// Sends until it is answered; null when the user gave up.
export async function deliver(message, onWait) {
  for (let tried = 0; ; tried += 1) {
    const answer = await ask("/api/messages", message);
    if (!answer.away) return answer;
    onWait(tried, answer.error);
    if (!(await pause(PAUSES[Math.min(tried, PAUSES.length - 1)]))) return null;
  }
}
