// A click on a recording puts its player in place of the card. Until then nothing is loaded.
(function () {
  "use strict";
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-player]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const frame = document.createElement("iframe");
    frame.title = link.dataset.title;
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-presentation allow-popups");
    frame.setAttribute("allow", "fullscreen; picture-in-picture; encrypted-media");
    frame.setAttribute("allowfullscreen", "");
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.src = link.dataset.player;
    const place = document.createElement("div");
    place.className = "player";
    place.append(frame);
    const card = link.closest(".video");
    const away = document.createElement("a");
    away.href = link.href;
    away.rel = "noopener external";
    away.textContent = link.textContent;
    link.replaceWith(away);
    const told = card.querySelector(".before-click");
    if (told) told.remove();
    card.append(place);
    frame.focus();
  });
})();
