// Papers of a reading list are dragged to their place by the grip beside them. Without this script,
// and for the keyboard, the buttons move them.
(function () {
  "use strict";
  const EDGE = 60; // pixels from the window's edge in which the page scrolls along
  let held = null; // what is being dragged: entry, its grip, the pointer, what stood below it
  let sent = null; // puts an entry back when its new place was not taken

  const rows = (list) => Array.from(list.children);
  function equip() {
    document.querySelectorAll("#entries [data-drag]").forEach((grip) => { grip.hidden = false; });
  }

  function take(event) {
    const grip = event.target.closest && event.target.closest("[data-drag]");
    if (!grip || event.button > 0 || held) return;
    event.preventDefault();
    const entry = grip.closest(".entry");
    held = { entry, grip, pointer: event.pointerId, below: entry.nextElementSibling };
    grip.setPointerCapture(event.pointerId);
    entry.classList.add("dragged");
  }

  // The entry stands before the first other one whose middle is below the pointer.
  function drag(event) {
    if (!held || event.pointerId !== held.pointer) return;
    const list = held.entry.parentElement;
    const below = rows(list).find((one) => {
      const box = one.getBoundingClientRect();
      return one !== held.entry && event.clientY < box.top + box.height / 2;
    }) || null;
    if (below !== held.entry.nextElementSibling) list.insertBefore(held.entry, below);
    if (event.clientY < EDGE) window.scrollBy(0, -12);
    else if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, 12);
  }

  function drop(event) {
    if (!held || event.pointerId !== held.pointer) return;
    const { entry, grip, below } = held;
    held = null;
    entry.classList.remove("dragged");
    const now = entry.nextElementSibling;
    if (now === below) return;
    const back = () => entry.parentElement.insertBefore(entry, below);
    if (event.type !== "pointerup") { back(); return; }
    const list = entry.parentElement;
    const form = grip.closest(".entry").querySelector(".entry-tools form");
    sent = back;
    htmx.ajax("POST", form.action, {
      source: form, target: "#entries", swap: "outerHTML",
      values: { act: "place", before: now ? now.dataset.entry : list.dataset.behind || "" },
    });
  }

  document.addEventListener("pointerdown", take);
  document.addEventListener("pointermove", drag);
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", drop);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && held) drop({ type: "escape", pointerId: held.pointer });
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (sent && !event.detail.successful) sent();
    sent = null;
  });
  document.addEventListener("htmx:afterSettle", equip);
  equip();
})();
