/**
 * A list to work through with the keyboard: j and k go down and up, Enter opens, x chooses, / goes to the search. Says
 * how many rows are chosen. Keys that somebody types into a field are theirs.
 */
const list = document.querySelector<HTMLFormElement>("[data-queue]");
const rows = [...(list?.querySelectorAll<HTMLTableRowElement>("[data-row]") ?? [])];
const help = document.querySelector<HTMLElement>("[data-keys]");
const chosen = list?.querySelector<HTMLElement>("[data-chosen]");
let at = -1;

function go(to: number): void {
  const row = rows[to];
  if (!row) return;
  rows[at]?.classList.remove("at");
  at = to;
  row.classList.add("at");
  row.querySelector<HTMLElement>("[data-open]")?.focus();
  row.scrollIntoView({ block: "nearest" });
}

function count(): void {
  if (!chosen) return;
  const ticked = list?.querySelectorAll("tbody input[type=checkbox]:checked").length ?? 0;
  chosen.hidden = ticked === 0;
  chosen.textContent = `${chosen.dataset["chosen"]} ${ticked}`;
}

function choose(): void {
  const box = rows[at]?.querySelector<HTMLInputElement>("input[type=checkbox]");
  if (!box) return;
  box.checked = !box.checked;
  count();
}

function typing(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input:not([type=checkbox]), textarea, select");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") {
    const search = document.querySelector<HTMLInputElement>("[data-search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
  } else if (event.key === "j") go(Math.min(at + 1, rows.length - 1));
  else if (event.key === "k") go(Math.max(at - 1, 0));
  else if (event.key === "x") choose();
  // Enter follows the link that has the focus by itself.
});

for (const [number, row] of rows.entries()) {
  row.addEventListener("focusin", () => {
    rows[at]?.classList.remove("at");
    at = number;
    row.classList.add("at");
  });
}
list?.addEventListener("change", count);
window.addEventListener("pageshow", count);
if (help && rows.length) help.hidden = false;
