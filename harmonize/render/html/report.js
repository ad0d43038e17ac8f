"use strict";

// The table of all measures: filtered and sorted in place.
const table = document.getElementById("matrix");
const form = document.getElementById("filter");
const count = document.getElementById("count");
const body = table.tBodies[0];
const heads = [...table.tHead.rows[0].cells];
const lines = [...body.rows].map((row, place) => ({ row, place }));
const [USED, DIFFERS, DOMAIN] = [1, 2, 3];
const text = (line, column) => line.row.cells[column].textContent.trim();

function wanted(line) {
  const { text: words, domain, payer, used, differs } = form.elements;
  const all = line.row.cells[0].textContent.toLowerCase();
  return words.value.toLowerCase().split(/\s+/).every((word) => all.includes(word))
    && (!domain.value || text(line, DOMAIN) === domain.value)
    && (!payer.value || line.row.cells[payer.value].classList.contains("y"))
    && parseInt(text(line, USED), 10) >= (parseInt(used.value, 10) || 0)
    && (!differs.checked || /^[DN]/.test(text(line, DIFFERS)));
}

function filter() {
  let shown = 0;
  for (const line of lines) {
    line.row.hidden = !wanted(line);
    shown += !line.row.hidden;
  }
  count.textContent = `${shown} of ${lines.length} rows`;
}

// By a column up, then down, then in the order of reading again.
function sort(head) {
  const column = heads.indexOf(head);
  const order = { none: "ascending", ascending: "descending", descending: "none" };
  const next = order[head.getAttribute("aria-sort")];
  for (const other of heads) other.setAttribute("aria-sort", "none");
  head.setAttribute("aria-sort", next);
  const keys = new Map(lines.map((line) => [line, text(line, column)]));
  const empty = (key) => key === "" || key === "." || key === "x";
  const compare = (a, b) => {
    const [one, other] = [keys.get(a), keys.get(b)];
    if (next === "none") return a.place - b.place;
    if (empty(one) !== empty(other)) return empty(one) - empty(other);
    const found = one.localeCompare(other, "en", { numeric: true });
    return (next === "ascending" ? found : -found) || a.place - b.place;
  };
  body.append(...[...lines].sort(compare).map((line) => line.row));
}

for (const head of heads) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  button.addEventListener("click", () => sort(head));
  head.append(button);
  head.setAttribute("aria-sort", "none");
}
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(filter));
form.hidden = false;

// The families: all open or all closed.
const families = document.querySelectorAll("details.side");
for (const [name, open] of [["open", true], ["close", false]]) {
  document.getElementById(name).addEventListener("click", () => {
    for (const family of families) family.open = open;
  });
}
document.querySelector(".tools").hidden = families.length === 0;
