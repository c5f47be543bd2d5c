/** What answers with a file leaves the page where it is: its form may be sent again after this many milliseconds. */
const pause = 5000;

/** A form that changes something is sent once, however often its button is pressed while the answer is on its way. */
export function sendOnce(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset["sent"]) {
      event.preventDefault();
      return;
    }
    form.dataset["sent"] = "yes";
    setTimeout(() => delete form.dataset["sent"], pause);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset["sent"];
  });
}
