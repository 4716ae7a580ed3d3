"use strict";
(() => {
  const names = new Intl.Collator("en-GB", { numeric: true });
  const valueOf = (row, at) => {
    const cell = row.cells[at], exact = cell.querySelector("data");
    if (exact) return Number(exact.value);
    return cell.textContent === "–" ? null : cell.textContent;
  };
  // What is missing stands last, whichever way the rest is ordered.
  const compare = (one, other, sign) => {
    if (one === null || other === null) return (one === null) - (other === null);
    return sign * (typeof one === "number" ? one - other : names.compare(one, other));
  };
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
    heads.forEach((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const first = head.classList.contains("n") ? "descending" : "ascending";
        const second = first === "descending" ? "ascending" : "descending";
        const way = head.getAttribute("aria-sort") === first ? second : first;
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", way);
        const sign = way === "ascending" ? 1 : -1;
        const rows = [...body.rows].map((row) => [valueOf(row, at), row]);
        rows.sort((one, other) => compare(one[0], other[0], sign));
        body.append(...rows.map((pair) => pair[1]));
      });
    });
  }
})();
