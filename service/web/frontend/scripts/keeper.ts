/**
 * The service worker of the pages under /p/: keeps a pass and what its page needs, so that it opens without a
 * network. A page is asked of the network first; what was kept is shown only when no answer comes soon, and says so.
 *
 * One cache for each pass, named by its page. This file imports nothing: it is built into one classic script.
 */
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Asked extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Told extends Lasting {
  readonly data: Kept;
  readonly ports: readonly MessagePort[];
}
/** The part of the worker's own scope that is used here; TypeScript knows either pages or workers. */
interface Scope {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  addEventListener(name: "install" | "activate", listener: (event: Lasting) => void): void;
  addEventListener(name: "message", listener: (event: Told) => void): void;
  addEventListener(name: "fetch", listener: (event: Asked) => void): void;
}
/** What a page tells after it was opened: its path, and the paths of the files that it used. */
interface Kept {
  page: string;
  files: string[];
}

const worker = self as unknown as Scope;
const page = /^\/p\/[\w-]+$/;
const file = /^\/static\/assets\/[\w.-]+$/;
/** Milliseconds after which a gate's queue gets to see what was kept. */
const patience = 2500;

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("message", (event) => event.waitUntil(keep(event)));
worker.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (page.test(pathname)) event.respondWith(openPage(event, pathname));
  else if (file.test(pathname)) event.respondWith(openFile(event.request));
});

async function openPage(event: Asked, path: string): Promise<Response> {
  const fresh = fetch(event.request).then(async (answer) => {
    await renew(path, answer.clone());
    return answer;
  });
  event.waitUntil(fresh.catch(() => undefined));
  const kept = await find(path);
  if (!kept) return fresh;
  const late = new Promise<undefined>((say) => setTimeout(say, patience, undefined));
  const first = await Promise.race([fresh.catch(() => undefined), late]);
  return first && first.status < 500 ? first : asKept(kept);
}

/** Files are named by their content, so what was kept is never out of date. */
async function openFile(request: Request): Promise<Response> {
  return (await find(new URL(request.url).pathname)) ?? fetch(request);
}

function find(path: string): Promise<Response | undefined> {
  // A page is kept in the language in which it was last seen, whatever the headers of the request say.
  return caches.match(path, { ignoreVary: true });
}

async function renew(path: string, answer: Response): Promise<void> {
  if (answer.ok) await (await caches.open(path)).put(path, answer);
  else if (answer.status === 404) await caches.delete(path);
}

async function asKept(kept: Response): Promise<Response> {
  const headers = new Headers(kept.headers);
  headers.set("X-Kept", "yes");
  const html = await kept.text();
  return new Response(html.replace("<html ", "<html data-kept "), { headers });
}

async function keep({ data: { page: path, files }, ports }: Told): Promise<void> {
  if (!page.test(path)) return;
  const cache = await caches.open(path);
  const wanted = new Set([path, ...files.filter((one) => file.test(one))]);
  const there = new Set<string>();
  for (const request of await cache.keys()) {
    const one = new URL(request.url).pathname;
    if (wanted.has(one)) there.add(one);
    else await cache.delete(request, { ignoreVary: true });
  }
  await cache.addAll([...wanted].filter((one) => !there.has(one)));
  ports[0]?.postMessage("kept");
}

// Only so that TypeScript takes this file's names for its own.
export {};
