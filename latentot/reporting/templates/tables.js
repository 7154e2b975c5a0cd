"use strict";
// Tables sort by a click on a heading; they are copied, and saved as CSV and LaTeX.
(() => {
  const text = (cell) => cell.innerText.replace(/\s*\n\s*/g, "; ").trim();
  const number = (cell) => {
    const found = (cell.dataset.sort ?? cell.textContent).replaceAll(",", "").match(/[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?|∞/i);
    return found ? (found[0] === "∞" ? Infinity : Number(found[0])) : NaN;
  };

  const sort = (table, column, heading) => {
    const rising = heading.getAttribute("aria-sort") !== "ascending";
    for (const other of heading.parentElement.children) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", rising ? "ascending" : "descending");
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const keys = new Map(rows.map((row) => [row, { number: number(row.cells[column]), text: text(row.cells[column]) }]));
    const named = rows[0]?.cells[column].tagName === "TH" || rows.every((row) => Number.isNaN(keys.get(row).number));
    const order = (a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      if (named) return (rising ? 1 : -1) * x.text.localeCompare(y.text);
      if (Number.isNaN(x.number) || Number.isNaN(y.number)) return Number.isNaN(x.number) - Number.isNaN(y.number);
      return (rising ? 1 : -1) * (x.number - y.number);
    };
    body.append(...rows.sort(order));
  };

  const cells = (table) => [...table.rows].map((row) => [...row.cells].map(text));
  const quoted = (value) => /[",\n;]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  const csv = (table) => cells(table).map((row) => row.map(quoted).join(",")).join("\n") + "\n";
  const tsv = (table) => cells(table).map((row) => row.join("\t")).join("\n") + "\n";
  const escaped = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "–": "--", "✓": "$\\checkmark$", "✗": "$\\times$", "∞": "$\\infty$" };
  const tex = (value) => value.replace(/[\\~^–✓✗∞&%$#_{}]/g, (one) => escaped[one] ?? `\\${one}`);
  const latex = (table) => {
    const [head, ...rows] = cells(table).map((row) => row.map(tex));
    const line = (row) => `  ${row.join(" & ")} \\\\`;
    return ["% needs \\usepackage{booktabs,amssymb}", `\\begin{tabular}{${"l".repeat(head.length)}}`, "  \\toprule",
      line(head), "  \\midrule", ...rows.map(line), "  \\bottomrule", "\\end{tabular}", ""].join("\n");
  };

  const save = (content, name, type) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const copy = async (content) => {
    try {
      await navigator.clipboard.writeText(content);
    } catch {
      // A page that is opened from a disk may not have the clipboard.
      const area = document.createElement("textarea");
      area.value = content;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };

  const tool = (box, name, action, said) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.addEventListener("click", async () => {
      await action();
      const status = box.querySelector('[role="status"]');
      status.textContent = said;
      setTimeout(() => { status.textContent = ""; }, 2000);
    });
    box.insertBefore(button, box.lastElementChild);
  };
  const tools = (box) => {
    const status = document.createElement("span");
    status.setAttribute("role", "status");
    box.append(status);
    box.hidden = false;
  };

  for (const table of document.querySelectorAll("table")) {
    [...(table.tHead?.rows[0]?.cells ?? [])].forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => sort(table, column, heading));
    });
  }
  document.querySelectorAll("[data-tools]").forEach((box, place) => {
    let next = box.nextElementSibling;
    while (next && !next.matches("table") && !next.querySelector("table")) next = next.nextElementSibling;
    const table = next?.matches("table") ? next : next?.querySelector("table");
    if (!table) return;
    const name = `${box.dataset.tools}-${place + 1}`;
    tools(box);
    tool(box, "Copy", () => copy(tsv(table)), "Copied.");
    tool(box, "CSV", () => save(csv(table), `${name}.csv`, "text/csv"), "Saved.");
    tool(box, "LaTeX", () => save(latex(table), `${name}.tex`, "application/x-tex"), "Saved.");
  });
  // A figure that leaves the page takes its colours with it.
  const standalone = (svg) => {
    const style = getComputedStyle(document.documentElement);
    const own = svg.cloneNode(true);
    own.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    return new XMLSerializer().serializeToString(own).replace(/var\((--[\w-]+)(?:, #\w+)?\)/g, (_, name) => style.getPropertyValue(name).trim());
  };
  for (const box of document.querySelectorAll("[data-figure]")) {
    const name = box.dataset.figure;
    const data = document.getElementById(`data-${name}`);
    const panels = box.parentElement.querySelectorAll(".tiles svg");
    tools(box);
    tool(box, "SVG", () => panels.forEach((svg, i) => save(standalone(svg), panels.length > 1 ? `${name}-${i + 1}.svg` : `${name}.svg`, "image/svg+xml")), "Saved.");
    if (data) tool(box, "Data", () => save(JSON.parse(data.textContent).csv, `${name}.csv`, "text/csv"), "Saved.");
  }
  for (const block of document.querySelectorAll("[data-copy]")) {
    tools(block);
    const source = document.getElementById(block.dataset.copy);
    tool(block, "Copy", () => copy(source.textContent), "Copied.");
    if (block.dataset.file) tool(block, "Save", () => save(source.textContent, block.dataset.file, "text/plain"), "Saved.");
  }
})();
