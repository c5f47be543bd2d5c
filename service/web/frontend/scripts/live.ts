import "htmx.org";

interface Answer {
  ctx: { response: { raw: Response } };
}

/**
 * Parts that renew themselves (`data-live`) rest while nobody looks, and say so when a renewal fails. Answers with
 * an error status are not swapped in (see `htmx-config` in base.html), and neither is the sign-in page to which a
 * request is sent when the session has ended.
 */
export function keepLiveParts(): void {
  const live = (event: Event) => (event.target as Element).closest("[data-live]");
  const markStale = (event: Event) => {
    for (const line of live(event)?.querySelectorAll(".as-of") ?? []) line.classList.add("stale");
  };
  document.addEventListener("htmx:before:request", (event) => {
    if (document.hidden && live(event)) event.preventDefault();
  });
  document.addEventListener("htmx:before:response", (event) => {
    if (!live(event) || !(event as CustomEvent<Answer>).detail.ctx.response.raw.redirected) return;
    event.preventDefault();
    markStale(event);
  });
  document.addEventListener("htmx:response:error", markStale);
  document.addEventListener("htmx:error", markStale);
}
