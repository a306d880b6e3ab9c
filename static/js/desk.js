// The desk by keyboard: j, k, a, m, r, w, u, l, x, o and ?. Without this script every work has its
// buttons. After a decision the next work that waits has the keyboard, so that a key is a paper.
(function () {
  "use strict";
  // Digits tick the topics that are suggested for a find.
  const all = () => Array.from(document.querySelectorAll("#queue > article"));
  const waiting = () => all().filter((work) => !work.classList.contains("decided"));
  const current = () => document.activeElement && document.activeElement.closest("#queue > article");
  const typing = (target) => /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
    (target.tagName === "INPUT" && target.type !== "checkbox");
  let last = ""; // id of the work that was decided last

  function focus(work) {
    if (!work) return;
    work.focus({ preventScroll: true });
    work.scrollIntoView({ block: "start" });
  }
  function go(step) {
    const works = all();
    const now = works.indexOf(current());
    focus(works[Math.min(works.length - 1, Math.max(0, now + step))]);
  }
  function press(work, key) {
    const control = work && work.querySelector(`[data-key="${key}"]`);
    if (control) control.click();
  }
  function undo() {
    const chosen = current();
    const here = chosen && chosen.querySelector('[data-key="u"]');
    press(here ? chosen : document.getElementById(last), "u");
  }

  const keys = {
    j: () => go(1),
    k: () => go(-1),
    "?": () => document.getElementById("keys").showModal(),
    u: undo,
    o: (work) => { const link = work && work.querySelector("[data-open]"); if (link) link.click(); },
    w: (work) => { const words = work && work.querySelector("input[name=words]"); if (words) words.focus(); },
  };
  for (const key of "amrlx123456789") keys[key] = (work) => press(work, key);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const work = current();
    if (typing(event.target)) {
      if (!work) return;
      if (event.key === "Escape") { event.preventDefault(); work.focus(); }
      if (event.key === "Enter" && event.target.name === "words") {
        event.preventDefault();
        press(work, "r");
      }
      return;
    }
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key](work || waiting()[0]);
  });

  document.addEventListener("htmx:beforeSwap", (event) => { last = event.detail.target.id; });
  document.addEventListener("htmx:afterSettle", () => {
    const decided = document.getElementById(last);
    if (!decided) return;
    const works = all();
    const next = decided.classList.contains("decided")
      ? works.slice(works.indexOf(decided) + 1).find((work) => !work.classList.contains("decided"))
      : decided;
    focus(next || decided);
  });

  const tick = document.querySelector("[data-tick]");
  if (tick) {
    tick.hidden = false;
    tick.addEventListener("click", () => {
      const boxes = Array.from(document.querySelectorAll('#queue .head input[type="checkbox"]'));
      const some = boxes.some((box) => !box.checked);
      boxes.forEach((box) => { box.checked = some; });
    });
  }
})();
