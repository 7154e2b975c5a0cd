// Sentences in tables of many columns get the room of one. Tables sort by a click, or Enter, on a column's head: numbers as numbers, what has none last.
"use strict";
(() => {
  const number = (text) => {
    const found = text.replaceAll(",", "").match(/-?\d+(\.\d+)?(e[-+]?\d+)?/i);
    return found ? Number(found[0]) : NaN;
  };
  const sort = (table, column, head) => {
    const down = head.getAttribute("aria-sort") === "ascending";
    const rows = [...table.tBodies[0].rows];
    const text = (row) => row.cells[column].textContent.trim();
    const numeric = rows.filter((row) => !Number.isNaN(number(text(row)))).length > rows.length / 2;
    rows.sort((a, b) => {
      if (!numeric) return text(a).localeCompare(text(b)) * (down ? -1 : 1);
      const [x, y] = [number(text(a)), number(text(b))];
      if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y);
      return down ? y - x : x - y;
    });
    for (const other of head.parentElement.cells) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    table.tBodies[0].append(...rows);
  };
  const prepare = () => {
    for (const table of document.querySelectorAll(".md-content table:not([class])")) {
      const wide = table.rows[0].cells.length > 7;
      for (const cell of table.querySelectorAll("td")) cell.classList.toggle("sentence", wide && cell.textContent.length > 60);
      if (!table.tBodies.length || table.tBodies[0].rows.length < 4 || !table.tHead) continue;
      [...table.tHead.rows[0].cells].forEach((head, column) => {
        head.setAttribute("aria-sort", "none");
        head.tabIndex = 0;
        head.title = "Sort";
        head.addEventListener("click", () => sort(table, column, head));
        head.addEventListener("keydown", (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          sort(table, column, head);
        });
      });
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", prepare);
  else prepare();
})();
