/** A button with `data-opens` shows that dialog; inside it, `data-closes` puts it away. */
export function openDialogs(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-opens], [data-closes]");
    if (button?.dataset["opens"]) {
      const dialog = document.getElementById(button.dataset["opens"]);
      if (dialog instanceof HTMLDialogElement) dialog.showModal();
    } else if (button) {
      button.closest("dialog")?.close();
    }
  });
}

/**
 * A form, or a button of it, with `data-confirm` asks in that dialog before it is sent; without this script it is sent
 * at once.
 */
export function confirmForms(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const button = event.submitter;
    const dialog = document.getElementById(button?.dataset["confirm"] ?? form.dataset["confirm"] ?? "");
    if (!(dialog instanceof HTMLDialogElement) || form.dataset["confirmed"]) return;
    event.preventDefault();
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue !== "yes") return;
        form.dataset["confirmed"] = "yes";
        form.requestSubmit(button);
        delete form.dataset["confirmed"];
      },
      { once: true },
    );
    dialog.returnValue = "";
    dialog.showModal();
  });
}
