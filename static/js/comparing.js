// The point under the pointer or the focus is told in words below the drawing; arrows go from
// point to point. Without this script every point has a title and is a link all the same.
(() => {
  "use strict";

  const told = (event) => event.target.closest && event.target.closest(".compared a");

  const tell = (event) => {
    const point = told(event);
    if (!point) return;
    const line = point.closest("figure").querySelector(".held");
    line.hidden = false;
    line.textContent = point.querySelector("title").textContent;
  };

  document.addEventListener("pointerover", tell);
  document.addEventListener("focusin", tell);

  document.addEventListener("keydown", (event) => {
    const point = told(event);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!point || !step) return;
    const points = [...point.parentNode.querySelectorAll("a")];
    const next = points[points.indexOf(point) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
})();
