// The grid by keyboard. Without this file every cell is a link to a page that does the same.
(() => {
  "use strict";

  const grid = () => document.querySelector("#grid");
  const cells = () => [...grid().querySelectorAll("td[data-day] > a")];
  const cellOf = (person, day) => grid().querySelector(`td[data-person="${person}"][data-day="${day}"] > a`);
  const taken = []; // what was given, to be taken back: person, day and the letters before
  let held = null; // the letters copied
  let at = null; // where the focus was before the grid was drawn anew

  // One cell of the grid takes the Tab key: the one that was last used.
  const rove = (cell) => {
    cells().forEach((other) => { other.tabIndex = -1; });
    const one = cell ?? cells()[0];
    if (one) one.tabIndex = 0;
    if (cell) cell.focus();
  };

  const step = (cell, down, right) => {
    const row = cell.closest("tr");
    const rows = [...grid().querySelectorAll("tr")].filter((each) => each.querySelector("td[data-day]"));
    const columns = [...row.querySelectorAll("td[data-day] > a")];
    const column = Math.min(Math.max(columns.indexOf(cell) + right, 0), columns.length - 1);
    const next = rows[Math.min(Math.max(rows.indexOf(row) + down, 0), rows.length - 1)];
    return next.querySelectorAll("td[data-day] > a")[column];
  };

  // What was typed is seen at once; the house hears of it in order, one after the other, and answers with what changed.
  const waiting = [];
  let isBusy = false;

  const show = ({ person, day, letter }) => {
    const cell = cellOf(person, day);
    if (!cell) return;
    cell.textContent = letter || "·";
    cell.parentElement.dataset.letters = letter;
    cell.parentElement.classList.add("waiting");
  };

  const send = async () => {
    if (isBusy || !waiting.length) return;
    isBusy = true;
    const { person, day, letter } = waiting[0];
    const form = grid().querySelector("form[data-give]");
    try {
      await htmx.ajax("POST", cellOf(person, day).getAttribute("href"), {
        target: "#grid",
        swap: "none",
        values: { ...Object.fromEntries(new FormData(form)), letter },
      });
    } finally {
      waiting.shift();
      isBusy = false;
      waiting.forEach(show);
      send();
    }
  };

  const give = (cell, letter, remember = true) => {
    const { person, day, letters } = cell.parentElement.dataset;
    if (remember) taken.push({ person, day, letters });
    waiting.push({ person, day, letter });
    show(waiting.at(-1));
    send();
  };

  const MOVES = {
    ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
    Home: [0, -99], End: [0, 99], PageUp: [-10, 0], PageDown: [10, 0],
  };

  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest?.("#grid td[data-day] > a");
    if (!cell) return;
    const mine = cell.parentElement.dataset.mine === "yes";
    const key = event.key.toUpperCase();
    if (event.ctrlKey || event.metaKey) {
      if (key === "C") held = cell.parentElement.dataset.letters;
      else if (key === "V" && held !== null && mine) give(cell, held.slice(0, 1));
      else if (key === "Z" && taken.length) {
        const last = taken.pop();
        give(cellOf(last.person, last.day), last.letters.slice(0, 1), false);
      } else return;
      event.preventDefault();
    } else if (MOVES[event.key]) {
      event.preventDefault();
      rove(step(cell, ...MOVES[event.key]));
    } else if (event.key === "F2") {
      event.preventDefault();
      cell.click();
    } else if (event.key === "?") {
      document.querySelector("#keys")?.toggleAttribute("hidden");
    } else if (mine && (event.key === "Delete" || event.key === "Backspace" || key === "O")) {
      event.preventDefault();
      give(cell, "");
    } else if (mine && key === "X" && cell.parentElement.dataset.letters) {
      event.preventDefault();
      const form = grid().querySelector("form[data-give]").cloneNode(true);
      form.action = `${cell.getAttribute("href")}absent/`;
      form.method = "post";
      document.body.append(form);
      form.submit();
    } else if (mine && key.length === 1 && grid().dataset.letters.includes(key)) {
      event.preventDefault();
      give(cell, key);
    }
  });

  document.addEventListener("focusin", (event) => {
    const cell = event.target.closest?.("#grid td[data-day] > a");
    if (cell && cell.tabIndex !== 0) rove(cell);
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const cell = document.activeElement?.closest?.("#grid td[data-day]");
    at = cell && event.detail.target.matches("#grid, body") ? { ...cell.dataset } : at;
  });

  // A row put in place of another takes the focus with it.
  document.addEventListener("htmx:oobBeforeSwap", () => {
    const cell = document.activeElement?.closest?.("#grid td[data-day]");
    at = cell ? { ...cell.dataset } : at;
  });

  document.addEventListener("htmx:oobAfterSwap", () => {
    if (!grid()) return;
    const isLost = at && document.activeElement === document.body;
    rove(isLost ? cellOf(at.person, at.day) : document.activeElement.closest("#grid td[data-day] > a"));
    document.querySelector("#to-solve .number").textContent = grid().querySelectorAll("[data-to-solve]").length;
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (!grid() || !event.detail.target.matches("#grid, body")) return;
    rove(at ? cellOf(at.person, at.day) : null);
    at = null;
  });
  if (grid()) rove(null);
})();
