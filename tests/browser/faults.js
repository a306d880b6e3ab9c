// What is wrong with the page that is open: a list of sentences, at most 12.
() => {
  const faults = [];
  const say = (text) => faults.length < 12 && faults.push(text);
  const named = (element) => element.tagName.toLowerCase() +
    (element.getAttribute("class") ? "." + element.getAttribute("class").trim().replace(/\s+/g, ".") : "");
  const seen = (element) => element.checkVisibility({ visibilityProperty: true }) &&
    !element.closest(".hidden-visually, .skip");

  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.body.querySelectorAll("*")].find(
      (element) => seen(element) && element.getBoundingClientRect().right > root.clientWidth + 1 &&
        !scrolled(element));
    say(`the document scrolls sideways: ${root.scrollWidth} px, by ${wide ? named(wide) : "?"}`);
  }

  function scrolled(element) {
    for (let up = element.parentElement; up; up = up.parentElement) {
      if (getComputedStyle(up).overflowX !== "visible") return true;
    }
    return false;
  }

  // texts of charts: as large as on the screen, scaling of an SVG included
  const charts = [...document.querySelectorAll(".years, .ratings, .plot .drawing, .map, .grid")];
  const texts = (place) => {
    const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const holder = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || !seen(holder) || holder.closest("title, desc, style")) continue;
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      for (const box of range.getClientRects()) found.push({ holder, box, text: walker.currentNode.data.trim() });
    }
    return found;
  };
  const size = (holder) => {
    const matrix = holder.getScreenCTM?.();
    return parseFloat(getComputedStyle(holder).fontSize) * (matrix ? Math.hypot(matrix.c, matrix.d) : 1);
  };
  const overlap = (one, other) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1.5 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 3;

  for (const chart of charts) {
    for (const { holder, text } of texts(chart)) {
      const px = size(holder);
      if (px < 10.99 || px > 48) say(`“${text.slice(0, 30)}” in ${named(chart)} is ${px.toFixed(1)} px`);
    }
  }
  for (const place of [...document.querySelectorAll(".years, .ratings, .top")]) {
    const found = texts(place);
    for (let i = 0; i < found.length; i += 1) {
      for (let j = i + 1; j < found.length; j += 1) {
        if (found[i].holder !== found[j].holder && overlap(found[i].box, found[j].box)) {
          say(`“${found[i].text.slice(0, 20)}” and “${found[j].text.slice(0, 20)}” overlap in ${named(place)}`);
        }
      }
    }
  }

  // texts cut by their own box, or running over the edge of the page
  for (const element of document.body.querySelectorAll("h1, h2, h3, p, li, dt, dd, td, th, a, button, summary, label, span")) {
    if (!seen(element)) continue;
    const style = getComputedStyle(element);
    if (["hidden", "clip"].includes(style.overflowX) && element.scrollWidth > element.clientWidth + 1) {
      say(`${named(element)} is cut: “${element.textContent.trim().slice(0, 40)}”`);
    }
    const box = element.getBoundingClientRect();
    if (box.width && (box.right > root.clientWidth + 1 || box.left < -1) && !scrolled(element)) {
      say(`${named(element)} runs over the edge: “${element.textContent.trim().slice(0, 40)}”`);
    }
  }
  return faults;
}
