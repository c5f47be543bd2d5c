/**
 * The QR code as large as the screen, on pure white, with the screen kept awake. Esc, the way back, a tap anywhere
 * and its button lead out of it.
 */
export function openBright(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-opens-bright]");
  const dialog = document.querySelector<HTMLDialogElement>("dialog.bright");
  const code = document.querySelector<HTMLImageElement>(".qr img");
  if (!button || !dialog || !code) return;
  dialog.prepend(code.cloneNode());
  button.hidden = false;
  const awake = keptAwake();

  button.addEventListener("click", () => {
    dialog.showModal();
    awake.begin();
    history.pushState({ bright: true }, "");
  });
  dialog.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    awake.end();
    if (history.state?.bright) history.back();
  });
  addEventListener("popstate", () => dialog.close());
  document.addEventListener("visibilitychange", () => {
    // The lock is lost when the page is left; whoever comes back to a bright code wants it again.
    if (dialog.open && !document.hidden) awake.begin();
  });
}

/** A screen that doesn't go dark, where the browser can do that; elsewhere nothing happens. */
function keptAwake(): { begin: () => void; end: () => void } {
  let lock: Promise<WakeLockSentinel | undefined> = Promise.resolve(undefined);
  const end = () => {
    const held = lock;
    lock = Promise.resolve(undefined);
    void held.then((one) => one?.release()).catch(() => undefined);
  };
  const begin = () => {
    end();
    if ("wakeLock" in navigator) lock = navigator.wakeLock.request("screen").catch(() => undefined);
  };
  return { begin, end };
}
