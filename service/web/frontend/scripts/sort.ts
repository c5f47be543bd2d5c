/**
 * Tables that hold all their rows (`data-complete`) are sorted here. Without this script their heads are plain
 * words; a table with more rows elsewhere carries links in its heads instead, and the server sorts.
 */
export function sortCompleteTables(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>("table[data-complete]")) {
    table.querySelectorAll<HTMLTableCellElement>("thead th").forEach((head, column) => {
      if (!head.textContent?.trim()) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sortBy(table, head, column));
    });
  }
}

function sortBy(table: HTMLTableElement, head: HTMLTableCellElement, column: number): void {
  const direction = head.ariaSort === "ascending" ? "descending" : "ascending";
  for (const other of table.querySelectorAll<HTMLTableCellElement>("thead th")) other.ariaSort = null;
  head.ariaSort = direction;
  const body = table.tBodies[0];
  if (!body) return;
  const sign = direction === "ascending" ? 1 : -1;
  const rows = [...body.rows].sort((a, b) => sign * compare(valueOf(a, column), valueOf(b, column)));
  body.append(...rows);
}

/** `data-value` holds what to sort by (a plain number, an ISO date); else the words that stand there. */
function valueOf(row: HTMLTableRowElement, column: number): string {
  const cell = row.cells[column];
  return cell?.dataset["value"] ?? cell?.textContent?.trim() ?? "";
}

const words = new Intl.Collator("vi", { numeric: true });

function compare(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  return Number.isNaN(difference) ? words.compare(a, b) : difference;
}
