// What makes the pages quicker. Every one of them works without this file.
(() => {
  "use strict";

  // A second tap on the same button within a second is a slip of the finger.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 1000);
  });

  // What is typed or scanned anywhere goes to the search field: "who is in 214?" needs no tap.
  let lastKeyAt = 0;
  document.addEventListener("keydown", (event) => {
    lastKeyAt = performance.now();
    const field = document.querySelector("[data-finds]");
    const typing = event.target.closest("input, select, textarea, [contenteditable]");
    if (!field || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!/^[\p{L}\d]$/u.test(event.key)) return;
    field.focus();
    field.select();
  });

  // On the board, what is typed marks its bed and puts the other rooms away; the search behind it knows
  // names as well.
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-finds='tiles']")) return;
    const asked = event.target.value.trim().toLowerCase();
    document.querySelectorAll(".tile").forEach((tile) => {
      const found = asked.length > 1 && tile.dataset.find.toLowerCase().includes(asked);
      tile.classList.toggle("found", found);
    });
    const somewhere = document.querySelector(".tile.found") !== null;
    document.querySelectorAll(".room").forEach((room) => {
      room.hidden = somewhere && room.querySelector(".tile.found") === null;
    });
  });

  // A tap that no server answered is said aloud, until one answers again.
  const saySilence = (silent) => {
    const words = document.querySelector("#no-answer");
    if (words) words.hidden = !silent;
  };
  document.addEventListener("htmx:sendError", () => saySilence(true));
  document.addEventListener("htmx:timeout", () => saySilence(true));
  document.addEventListener("htmx:beforeSwap", () => saySilence(false));

  // The bar that takes the last act back stays ten seconds.
  const countDown = () => {
    const bar = document.querySelector("[data-seconds]");
    if (!bar || bar.dataset.running) return;
    bar.dataset.running = "yes";
    let left = Number(bar.dataset.seconds);
    const timer = setInterval(() => {
      left -= 1;
      const shown = bar.querySelector("[data-left]");
      if (shown) shown.textContent = left;
      if (left > 0 && document.contains(bar)) return;
      clearInterval(timer);
      bar.remove();
    }, 1000);
  };
  document.addEventListener("htmx:afterSettle", countDown);

  // Where reading begins: at what went wrong, else where the page says.
  const takeUp = (part) => {
    const first = part.querySelector("[role=alert][data-focus]") ?? part.querySelector("[data-focus]");
    first?.focus({ preventScroll: true });
    return first;
  };

  // What a tap brought into the panel at the side is read, and used, from its heading on; on a phone it
  // lies above the list. A refusal is read first. Who has begun to type or to scan since is not interrupted.
  let askedAt = 0;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target.matches("aside")) askedAt = performance.now();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.target.matches("aside") || lastKeyAt > askedAt) return;
    const first = takeUp(event.target);
    if (first && event.target.getBoundingClientRect().top < 0) first.scrollIntoView();
  });

  // After an act at the door the field is empty and ready for the next person.
  document.addEventListener("htmx:afterRequest", (event) => {
    const { successful, xhr, requestConfig } = event.detail;
    const done = successful && xhr.status < 400 && requestConfig?.verb === "post";
    const field = document.querySelector("[data-finds='people']");
    if (!done || !field) return;
    if (field.value) {
      field.value = "";
      field.dispatchEvent(new Event("search", { bubbles: true }));
    }
    field.focus();
  });

  // In the morning an exception unticks its row, and ticking the row again ends the exception.
  document.addEventListener("change", (event) => {
    const row = event.target.closest("[data-morning]");
    if (!row) return;
    const tick = row.querySelector("input[type=checkbox]");
    if (event.target.type === "radio") tick.checked = false;
    if (event.target === tick && tick.checked) {
      row.querySelectorAll("input[type=radio]").forEach((radio) => (radio.checked = false));
    }
  });

  // A roll call goes on when the server is away: ticks stay on the device and are sent when it answers again.
  // What any phone has seen, all phones have seen.
  const rollCall = document.querySelector("[data-roll-call][data-send]");
  if (rollCall && rollCall.dataset.send) {
    const kept = `roll-call-${rollCall.dataset.rollCall}`;
    const form = rollCall.querySelector("[data-ticks]");
    const waiting = rollCall.querySelector("[data-waiting]");
    const boxes = [...form.querySelectorAll("input[name=seen]")];
    const tick = (ids) => {
      boxes.forEach((box) => { if (ids.includes(Number(box.value))) box.checked = true; });
      const seen = boxes.filter((box) => box.checked).map((box) => Number(box.value));
      localStorage.setItem(kept, JSON.stringify(seen));
      rollCall.querySelector("[data-seen-count]").textContent = seen.length;
      return seen;
    };
    const send = async () => {
      const body = new URLSearchParams({ csrfmiddlewaretoken: form.querySelector("[name=csrfmiddlewaretoken]").value });
      tick([]).forEach((id) => body.append("seen", id));
      try {
        const answer = await fetch(rollCall.dataset.send, { method: "POST", body, headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(answer.status);
        tick((await answer.json()).seen);
        waiting.hidden = true;
      } catch {
        waiting.hidden = false;
      }
    };
    tick(JSON.parse(localStorage.getItem(kept) ?? "[]"));
    form.addEventListener("change", send);
    window.addEventListener("online", send);
    setInterval(send, 8000);
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  countDown();
  takeUp(document);
})();
