// Entries of a public list are dragged to their place inside their section. Without this script, and
// for the keyboard, the buttons move them.
(function () {
  "use strict";
  const form = document.getElementById("order");
  if (!form || !form.querySelector("[name=up]")) return;
  let held = null; // the row, the pointer, what stood below it
  form.querySelectorAll("[data-drag]").forEach((grip) => { grip.hidden = false; });

  form.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-drag]");
    if (!grip || event.button > 0 || held) return;
    event.preventDefault();
    const row = grip.closest("li");
    held = { row, pointer: event.pointerId, below: row.nextElementSibling };
    grip.setPointerCapture(event.pointerId);
    row.classList.add("dragged");
  });
  form.addEventListener("pointermove", (event) => {
    if (!held || event.pointerId !== held.pointer) return;
    const below = Array.from(held.row.parentElement.children).find((one) => {
      const box = one.getBoundingClientRect();
      return one !== held.row && event.clientY < box.top + box.height / 2;
    }) || null;
    if (below !== held.row.nextElementSibling) held.row.parentElement.insertBefore(held.row, below);
  });

  function drop(taken) {
    const { row, below } = held;
    held = null;
    row.classList.remove("dragged");
    const now = row.nextElementSibling;
    if (now === below) return;
    if (!taken) { row.parentElement.insertBefore(row, below); return; }
    const values = { place: row.dataset.entry, before: now ? now.dataset.entry : row.parentElement.dataset.behind || "" };
    Object.entries(values).forEach(([name, value]) => {
      const field = document.createElement("input");
      field.type = "hidden"; field.name = name; field.value = value;
      form.append(field);
    });
    form.submit();
  }
  form.addEventListener("pointerup", (event) => {
    if (held && event.pointerId === held.pointer) drop(true);
  });
  form.addEventListener("pointercancel", () => { if (held) drop(false); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && held) drop(false);
  });
})();
