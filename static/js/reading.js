// The viewer of a PDF: a layer of words over each page, search, keys, links to a passage.
// Without it pages, outline and a search by the server work all the same.
(function () {
  "use strict";
  const holder = document.getElementById("pages");
  if (!holder) return;
  const sections = Array.from(holder.querySelectorAll(".page"));
  const box = document.querySelector(".bar input[type=search]");
  const count = document.getElementById("hit-count");
  const nowShown = document.getElementById("page-now");
  let words = null;
  let hits = [];
  let chosen = -1;
  let current = 1;

  const loaded = fetch(holder.dataset.words, { credentials: "same-origin" })
    .then((answer) => (answer.ok ? answer.json() : { pages: [] }))
    .then((told) => { words = told.pages; })
    .catch(() => { words = []; });

  // Words are laid over a page when it comes near: a long paper has tens of thousands.
  function layOut(section) {
    const page = Number(section.dataset.page);
    if (!words || section.querySelector(".words")) return;
    const layer = document.createElement("div");
    layer.className = "words";
    layer.lang = "";
    const ratio = section.querySelector("img").height / section.querySelector("img").width;
    (words[page - 1] || []).forEach((word, place) => {
      const span = document.createElement("span");
      span.textContent = word[4] + " ";
      span.dataset.place = place;
      span.style.left = 100 * word[0] + "%";
      span.style.top = 100 * word[1] + "%";
      span.style.width = 100 * word[2] + "%";
      span.style.fontSize = 100 * word[3] * ratio + "cqw";
      layer.appendChild(span);
    });
    section.appendChild(layer);
    paint(section);
  }

  function paint(section) {
    const page = Number(section.dataset.page);
    section.querySelectorAll(".hit").forEach((span) => span.classList.remove("hit", "now"));
    hits.forEach((hit, index) => {
      if (hit.page !== page) return;
      for (let place = hit.first; place <= hit.last; place += 1) {
        const span = section.querySelector(`[data-place="${place}"]`);
        if (span) span.classList.add("hit", ...(index === chosen ? ["now"] : []));
      }
    });
  }

  const watch = new IntersectionObserver((entries) => {
    entries.forEach((entry) => {
      if (entry.isIntersecting) loaded.then(() => layOut(entry.target));
    });
  }, { rootMargin: "800px" });
  sections.forEach((section) => watch.observe(section));
  const where = new IntersectionObserver((entries) => {
    entries.forEach((entry) => {
      if (entry.isIntersecting) { current = Number(entry.target.dataset.page); nowShown.textContent = current; }
    });
  }, { rootMargin: "-45% 0px -45% 0px" });
  sections.forEach((section) => where.observe(section));

  function find(asked) {
    const wanted = asked.toLowerCase().split(/\s+/).filter(Boolean).join(" ");
    const found = [];
    if (!wanted) return found;
    words.forEach((list, index) => {
      const starts = [];
      let text = "";
      list.forEach((word) => { starts.push(text.length); text += word[4].toLowerCase() + " "; });
      for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
        let first = starts.length - 1;
        while (first > 0 && starts[first] > at) first -= 1;
        let last = first;
        while (last + 1 < starts.length && starts[last + 1] < at + wanted.length) last += 1;
        found.push({ page: index + 1, first, last });
      }
    });
    return found;
  }

  function show(index) {
    if (!hits.length) return;
    chosen = (index + hits.length) % hits.length;
    const section = sections[hits[chosen].page - 1];
    layOut(section);
    sections.forEach(paint);
    const span = section.querySelector(".hit.now");
    (span || section).scrollIntoView({ block: "center" });
    count.textContent = window.said("{place} of {hits}", { place: chosen + 1, hits: hits.length });
  }

  function search(asked, from) {
    return loaded.then(() => {
      hits = find(asked);
      chosen = -1;
      sections.forEach(paint);
      count.textContent = asked && !hits.length ? window.said("Not found") : "";
      const start = hits.findIndex((hit) => hit.page >= (from || current));
      show(start < 0 ? 0 : start);
    });
  }

  function followAddress() {
    const given = new URLSearchParams(location.hash.slice(1));
    const page = Math.min(Math.max(parseInt(given.get("page"), 10) || 0, 0), sections.length);
    const asked = given.get("q") || "";
    if (page) sections[page - 1].scrollIntoView();
    if (asked) { box.value = asked; search(asked, page || 1); }
  }

  function step(by) {
    const next = Math.min(Math.max(current + by, 1), sections.length);
    sections[next - 1].scrollIntoView();
  }

  box.form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (hits.length && box.value === box.dataset.last) show(chosen + 1);
    else search(box.value, current);
    box.dataset.last = box.value;
  });
  document.getElementById("hit-after").addEventListener("click", () => show(chosen + 1));
  document.getElementById("hit-before").addEventListener("click", () => show(chosen - 1));
  document.addEventListener("keydown", (event) => {
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "n") show(chosen + 1);
    else if (event.key === "N") show(chosen - 1);
  });

  const link = document.getElementById("page-link");
  link.addEventListener("click", () => {
    const selection = String(window.getSelection()).trim().split(/\s+/).slice(0, 12).join(" ");
    const range = window.getSelection().rangeCount ? window.getSelection().anchorNode : null;
    const section = range && (range.parentElement || document.body).closest(".page");
    const given = new URLSearchParams({ page: section ? section.dataset.page : current });
    if (selection && section) given.set("q", selection);
    const address = `${location.origin}${location.pathname}#${given}`;
    history.replaceState(null, "", address);
    navigator.clipboard.writeText(address).then(
      () => { count.textContent = window.said("Copied"); },
      () => { count.textContent = window.said("The address bar has it"); }
    );
  });

  window.addEventListener("hashchange", followAddress);
  document.querySelectorAll("[data-needs-script]").forEach((element) => { element.hidden = false; });
  if (location.hash) followAddress();
  else if (box.value) search(box.value, 1);
})();
