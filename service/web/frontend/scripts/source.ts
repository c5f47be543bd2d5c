/** Line numbers beside a source: the server writes those of the first lines, this follows typing and scrolling. */
export function numberLines(): void {
  for (const area of document.querySelectorAll<HTMLTextAreaElement>("textarea[data-numbered]")) {
    const numbers = area.parentElement?.querySelector(".line-numbers");
    if (!numbers) continue;
    const count = () => {
      const lines = area.value.split("\n").length;
      numbers.textContent = Array.from({ length: lines }, (_, number) => number + 1).join("\n");
    };
    const follow = () => {
      numbers.scrollTop = area.scrollTop;
    };
    area.addEventListener("input", count);
    area.addEventListener("scroll", follow);
    count();
  }
}

/** A picker with `data-writes` and the field that it names show one colour, whichever of them is changed. */
export function matchColours(): void {
  for (const picker of document.querySelectorAll<HTMLInputElement>("input[data-writes]")) {
    const field = document.getElementById(picker.dataset["writes"] ?? "");
    if (!(field instanceof HTMLInputElement)) continue;
    picker.addEventListener("input", () => {
      field.value = picker.value.toUpperCase();
    });
    field.addEventListener("input", () => {
      if (/^#[0-9a-f]{6}$/i.test(field.value.trim())) picker.value = field.value.trim().toLowerCase();
    });
  }
}
