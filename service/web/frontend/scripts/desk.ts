/**
 * The desk where badges are handed over: ticks all badges of an outlet, says how many are ticked, and proposes who
 * takes them as long as nobody has typed anything: the holder of a single badge, a representative of several.
 */
export function keepDesk(): void {
  const form = document.querySelector<HTMLFormElement>("form.desk");
  if (!form) return;
  const count = form.querySelector<HTMLElement>("[data-count]");
  const boxes = [...form.querySelectorAll<HTMLInputElement>("input[name=badges]")];
  const typed = new Set<string>();
  form.addEventListener("input", (event) => typed.add((event.target as HTMLInputElement).name));

  const propose = (name: string, value: string) => {
    const field = form.elements.namedItem(name);
    if (!typed.has(name) && (field instanceof HTMLInputElement || field instanceof RadioNodeList)) field.value = value;
  };
  const look = (changed: boolean) => {
    const ticked = boxes.filter((box) => box.checked);
    if (count) {
      count.hidden = false;
      count.textContent = `${count.dataset["count"]} ${ticked.length}`;
    }
    if (!changed || !ticked.length) return;
    const outlets = new Set(ticked.map((box) => box.dataset["outlet"] ?? ""));
    propose("taker", ticked.length > 1 ? "representative" : "holder");
    propose("to_name", ticked.length > 1 ? "" : (ticked[0]?.dataset["holder"] ?? ""));
    propose("organisation_name", outlets.size === 1 ? ([...outlets][0] ?? "") : "");
  };

  for (const button of form.querySelectorAll<HTMLButtonElement>("[data-ticks]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const mine = [...(button.closest("[data-group]")?.querySelectorAll<HTMLInputElement>("input[name=badges]") ?? [])];
      const all = mine.every((box) => box.checked);
      for (const box of mine) box.checked = !all;
      look(true);
    });
  }
  form.addEventListener("change", (event) => {
    if ((event.target as HTMLInputElement).name === "badges") look(true);
  });
  look(false);
}
