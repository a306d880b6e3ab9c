// The queue by keyboard: j, k, p, d, o and ?. Without this script every entry has its buttons.
(function () {
  "use strict";
  const all = () => Array.from(document.querySelectorAll("#queue > article"));
  const current = () => document.activeElement && document.activeElement.closest("#queue > article");
  const typing = (target) => /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

  function go(step) {
    const entries = all();
    if (!entries.length) return;
    const now = entries.indexOf(current());
    const next = entries[Math.min(entries.length - 1, Math.max(0, now + step))];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "start" });
  }
  function press(entry, key) {
    const control = entry.querySelector(`[data-key="${key}"]`);
    if (!control) return;
    if (control.tagName === "TEXTAREA") control.focus(); else control.click();
  }

  document.addEventListener("keydown", (event) => {
    const entry = current();
    if (typing(event.target)) {
      if (event.key === "Escape" && entry) { event.preventDefault(); entry.focus(); }
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.name === "reason") {
        event.preventDefault();
        event.target.form.querySelector("[data-with-reason]").click();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") { event.preventDefault(); go(1); }
    else if (event.key === "k") { event.preventDefault(); go(-1); }
    else if (event.key === "?") { event.preventDefault(); document.getElementById("keys").showModal(); }
    else if (entry && (event.key === "p" || event.key === "d")) { event.preventDefault(); press(entry, event.key); }
    else if (entry && event.key === "o") { const link = entry.querySelector("[data-open]"); if (link) { event.preventDefault(); link.click(); } }
  });

  // After a decision the keyboard stands on the entry that was decided: j goes on from there.
  let decided = "";
  document.addEventListener("htmx:beforeSwap", (event) => { decided = event.detail.target.id; });
  document.addEventListener("htmx:afterSettle", () => {
    const entry = decided && document.getElementById(decided);
    if (entry) entry.focus({ preventScroll: true });
    decided = "";
  });
})();
