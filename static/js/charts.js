/* Plots come as pictures from the server. With scripts they are drawn again by the charting library, with
   values under the pointer, when they come into view. No eval: expressions are interpreted. */
(() => {
  const address = document.currentScript.dataset.library;
  let library;
  const load = () => (library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  }));

  async function enliven(figure) {
    const answer = await fetch(figure.dataset.spec, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const spec = await answer.json();
    await load();
    const drawing = figure.querySelector(".drawing");
    const place = document.createElement("div");
    place.className = "live";
    drawing.append(place);
    try {
      await window.vegaEmbed(place, spec, {
        ast: true, renderer: "svg", actions: false, defaultStyle: false, logLevel: 1,
        tooltip: { disableDefaultStyle: true },
      });
      drawing.querySelector(":scope > picture")?.remove();
    } catch {
      place.remove();
    }
  }

  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      enliven(entry.target).catch(() => {});
    }
  }, { rootMargin: "200px" });
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("figure.plot[data-spec]").forEach((figure) => seen.observe(figure));
  });
})();
