const megabyte = 1 << 20;

/**
 * Forms with `data-largest` (megabytes) say at once, at their field, when a file is too large: to send it would take
 * long, and in vain. The service says the same without this script.
 */
export function refuseLargeFiles(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-largest]")) {
    const field = form.querySelector<HTMLInputElement>("input[type=file]");
    if (!field) continue;
    field.addEventListener("change", () => judge(form, field));
    form.addEventListener("submit", (event) => {
      if (judge(form, field)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      field.focus();
    });
  }
}

function judge(form: HTMLFormElement, field: HTMLInputElement): boolean {
  const largest = Number(form.dataset["largest"]) * megabyte;
  const fits = [...(field.files ?? [])].every((file) => file.size <= largest);
  const id = `${field.id}-large`;
  document.getElementById(id)?.remove();
  if (fits) return true;
  const told = document.createElement("p");
  told.id = id;
  told.className = "field-error";
  told.setAttribute("role", "alert");
  told.textContent = form.dataset["tooLarge"] ?? "";
  field.before(told);
  return false;
}
