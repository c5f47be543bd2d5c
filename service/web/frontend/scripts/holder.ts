import { openBright } from "./bright";

const article = document.querySelector<HTMLElement>("[data-stand]");
const root = document.documentElement;
/** Milliseconds between two looks for a network while there seems to be none. */
const pause = 3_000;
/** Milliseconds after which a page that is looked at again asks whether it still holds. */
const lasting = 60_000;

/** Lets keeper.ts keep this page with all that it used. */
async function keepPage(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/p/keeper.js");
  const { active } = await navigator.serviceWorker.ready;
  await document.fonts.ready;
  const used = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  const files = used.filter((one) => one.origin === location.origin).map((one) => one.pathname);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => document.querySelector("[data-kept-note]")?.removeAttribute("hidden");
  active?.postMessage({ page: location.pathname, files }, [port2]);
}

/** Asks anew, and shows the page again only when the pass stands otherwise: nobody's code goes away at the gate. */
async function renewPage(): Promise<void> {
  const answer = await fetch(location.pathname).catch(() => undefined);
  if (!answer || answer.status >= 500) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const stand = fresh.querySelector<HTMLElement>("[data-stand]")?.dataset["stand"];
  // On a slow network the news may be what was kept meanwhile.
  if (stand !== article?.dataset["stand"]) location.reload();
  else root.toggleAttribute("data-kept", answer.headers.has("X-Kept"));
}

/** Whether this is what keeper.ts kept, for want of a network; the page then says so. */
function isKept(): boolean {
  return root.hasAttribute("data-kept");
}

let asked = Date.now();
function renewIfSeen(after: number): void {
  if (document.hidden || Date.now() - asked < after) return;
  asked = Date.now();
  void renewPage();
}

if (article) {
  openBright();
  if (!isKept()) addEventListener("load", () => void keepPage().catch(() => undefined));
  // The loss of a network reaches the page before or after keeper.ts: what was answered in between isn't the last word.
  setInterval(() => (isKept() || !navigator.onLine) && renewIfSeen(0), pause);
  for (const change of ["online", "offline"]) addEventListener(change, () => renewIfSeen(0));
  document.addEventListener("visibilitychange", () => renewIfSeen(lasting));
}
