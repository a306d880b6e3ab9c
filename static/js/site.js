// Small comforts on top of pages that work without any script.
(function () {
  "use strict";
  const $ = (selector, root) => (root || document).querySelector(selector);
  // Words of scripts in the language of the page, which other languages than English bring along.
  const words = document.querySelector("meta[name=words]");
  const translated = words ? JSON.parse(words.content) : {};
  const said = (text, told) => (translated[text] || text).replace(/\{(\w+)\}/g, (place, name) => (told && name in told ? told[name] : place));
  window.said = said;
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));

  // "/" goes to the search box.
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const box = $("main input[type=search]") || $("input[type=search]");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    }
  });

  // The search box: suggestions by arrow keys (combobox pattern).
  document.addEventListener("keydown", (event) => {
    const box = event.target.closest && event.target.closest("input[role=combobox]");
    if (!box) return;
    const list = document.getElementById(box.getAttribute("aria-controls"));
    const options = list && !list.hidden ? all("[role=option]", list) : [];
    const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const choose = (index) => {
      options.forEach((option, i) => option.setAttribute("aria-selected", i === index));
      const chosen = options[index];
      box.setAttribute("aria-activedescendant", chosen ? chosen.id : "");
      if (chosen) chosen.scrollIntoView({ block: "nearest" });
    };
    if (event.key === "ArrowDown" && options.length) { event.preventDefault(); choose(now + 1 >= options.length ? -1 : now + 1); }
    else if (event.key === "ArrowUp" && options.length) { event.preventDefault(); choose(now < 0 ? options.length - 1 : now - 1); }
    else if (event.key === "Enter" && now >= 0) { event.preventDefault(); options[now].click(); }
    else if (event.key === "Escape" && list) { close(box, list); }
    else if (event.key === "ArrowDown" && !options.length) { const first = $("#results .title a"); if (first) { event.preventDefault(); first.focus(); } }
  });
  function close(box, list) {
    list.hidden = true; box.setAttribute("aria-expanded", "false"); box.setAttribute("aria-activedescendant", "");
  }
  document.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option][data-value]");
    if (option) {
      event.preventDefault();
      const list = option.closest("[role=listbox]");
      const box = $(`input[aria-controls="${list.id}"]`);
      box.value = option.dataset.value;
      close(box, list); box.focus();
      if (box.form) box.form.requestSubmit();
      return;
    }
    all("input[role=combobox]").forEach((box) => {
      const list = document.getElementById(box.getAttribute("aria-controls"));
      if (list && !list.contains(event.target) && event.target !== box) close(box, list);
    });
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const list = event.detail.target;
    if (list.getAttribute("role") === "listbox") {
      const box = $(`input[aria-controls="${list.id}"]`);
      list.hidden = !list.children.length || document.activeElement !== box;
      box.setAttribute("aria-expanded", String(!list.hidden));
      box.setAttribute("aria-activedescendant", "");
    }
  });
  document.addEventListener("submit", (event) => {
    all("input[role=combobox]", event.target).forEach((box) => {
      const list = document.getElementById(box.getAttribute("aria-controls"));
      if (list) close(box, list);
    });
  });

  // Results and the map: arrow keys walk.
  document.addEventListener("keydown", (event) => {
    const node = event.target.closest && event.target.closest(".map a.node");
    if (node) return walkMap(event, node);
    const title = event.target.closest && event.target.closest("#results .title a");
    if (!title || !/^Arrow(Up|Down)$/.test(event.key)) return;
    const titles = all("#results .title a");
    const next = titles[titles.indexOf(title) + (event.key === "ArrowDown" ? 1 : -1)];
    event.preventDefault();
    (next || $("main input[type=search]")).focus();
  });
  function walkMap(event, node) {
    const item = node.parentElement;
    const link = (li) => li && $(":scope > a.node", li);
    const beside = (direction) => {
      let li = item;
      while (li) {
        const other = direction > 0 ? li.nextElementSibling : li.previousElementSibling;
        if (other) return link(other);
        li = li.parentElement.closest("li");
      }
      return null;
    };
    const to = {
      ArrowRight: () => link($(":scope > ul > li", item)),
      ArrowLeft: () => link(item.parentElement.closest("li")),
      ArrowDown: () => beside(1), ArrowUp: () => beside(-1),
      Home: () => $(".map a.node"), End: () => all(".map a.node").pop(),
    }[event.key];
    if (!to) return;
    event.preventDefault();
    const next = to();
    if (next) next.focus();
  }
  function define(event) {
    const node = event.target.closest && event.target.closest(".map a.node");
    const panel = $("#definition");
    if (!node || !panel) return;
    panel.className = "definition " + node.dataset.axis;
    panel.replaceChildren();
    const line = document.createElement("p");
    const name = document.createElement("strong");
    name.textContent = node.dataset.name;
    line.append(name, ". " + node.dataset.definition);
    panel.append(line);
  }
  document.addEventListener("focusin", define);
  document.addEventListener("mouseover", define);

  // The year slider of the map: shows its value, and can replay the field's growth.
  document.addEventListener("input", (event) => {
    if (event.target.matches(".slider input[type=range]")) {
      const output = $("output", event.target.form);
      if (output) output.value = event.target.value;
    }
  });
  let playing = 0;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-play]");
    if (!button) return;
    const range = $("input[type=range]", button.form);
    const stop = () => { clearInterval(playing); playing = 0; button.textContent = said("Replay"); };
    if (playing) return stop();
    button.textContent = said("Stop");
    range.value = Math.max(Number(range.min), 2012);
    const step = () => {
      range.dispatchEvent(new Event("input", { bubbles: true }));
      range.dispatchEvent(new Event("change", { bubbles: true }));
      if (Number(range.value) >= Number(range.max)) return stop();
      range.value = Number(range.value) + 1;
    };
    step();
    playing = setInterval(step, 900);
  });

  // Escape puts the meaning of a word away, pointed at or in focus, until it is left.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    all(".term:hover, .term:focus-within").forEach((term) => {
      term.classList.add("away");
      ["mouseleave", "focusout"].forEach((left) =>
        term.addEventListener(left, () => term.classList.remove("away"), { once: true }));
    });
  });

  // Copy buttons; times in the reader's own zone.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    try { await navigator.clipboard.writeText(source.textContent); button.textContent = said("Copied"); }
    catch { getSelection().selectAllChildren(source); button.textContent = said("Press Ctrl+C"); }
    setTimeout(() => { button.textContent = said("Copy"); }, 2000);
  });
  function localTimes(root) {
    all("time[data-local]", root).forEach((time) => {
      const instant = new Date(time.dateTime);
      const shape = time.dataset.local === "clock"
        ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
        : { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" };
      if (!isNaN(instant)) time.textContent = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, shape).format(instant);
    });
    all("[data-zone-name]", root).forEach((place) => {
      place.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone.replace(/_/g, " ");
      const hidden = place.closest("[hidden]");
      if (hidden) hidden.hidden = false;
    });
    all("[data-needs-script]", root).forEach((part) => { part.hidden = false; });
  }
  document.addEventListener("DOMContentLoaded", () => localTimes(document));
  // On paper nothing can be unfolded; browsers that do not know ::details-content need this.
  window.addEventListener("beforeprint", () => all(".workshop details:not([open])").forEach((part) => {
    part.open = true;
    window.addEventListener("afterprint", () => { part.open = false; }, { once: true });
  }));
  document.addEventListener("htmx:afterSwap", (event) => localTimes(event.detail.target));
  document.addEventListener("htmx:responseError", (event) => {
    const note = $("#live-problem");
    if (note) note.textContent = said("The server answered {status}. Press Enter to try the full page.", { status: event.detail.xhr.status });
  });
  document.addEventListener("htmx:sendError", () => {
    const note = $("#live-problem");
    if (note) note.textContent = said("The server cannot be reached; what you see may be old.");
  });
})();
