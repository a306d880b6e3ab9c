/* Entries of a programme are dragged within their day and room; arrows on a focused button work too. */
(() => {
  const form = document.querySelector("[data-board]");
  if (!form) return;
  let dragged = null;
  const entry = (event) => event.target.closest("[data-code]");
  const fits = (other) => dragged && other && other !== dragged && other.dataset.lane === dragged.dataset.lane && other.draggable;
  const clear = () => form.querySelectorAll(".over, .after").forEach((e) => e.classList.remove("over", "after"));
  const isBelow = (event, other) => {
    const box = other.getBoundingClientRect();
    return event.clientY > box.top + box.height / 2;
  };
  form.addEventListener("dragstart", (event) => {
    dragged = entry(event);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.code);
  });
  form.addEventListener("dragover", (event) => {
    const other = entry(event);
    clear();
    if (!fits(other)) return;
    event.preventDefault();
    other.classList.add(isBelow(event, other) ? "after" : "over");
  });
  form.addEventListener("dragend", () => { clear(); dragged = null; });
  form.addEventListener("drop", (event) => {
    const other = entry(event);
    if (!fits(other)) return;
    event.preventDefault();
    let before = other;
    if (isBelow(event, other)) {
      const lane = [...form.querySelectorAll("[draggable=true]")].filter((e) => e.dataset.lane === other.dataset.lane && e !== dragged);
      before = lane[lane.indexOf(other) + 1];
    }
    form.elements.code.value = dragged.dataset.code;
    form.elements.before.value = before ? before.dataset.code : "";
    form.elements.at.value = dragged.dataset.code;
    const act = document.createElement("input");
    Object.assign(act, { type: "hidden", name: "do", value: "move" });
    form.append(act);
    form.submit();
  });
  form.addEventListener("keydown", (event) => {
    const li = entry(event);
    const act = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    const button = act && li && li.querySelector(`button[value^="${act} "]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  form.addEventListener("submit", (event) => {
    const code = event.submitter && event.submitter.value.split(" ")[1];
    if (code) form.elements.at.value = code;
  });
  const back = location.hash && document.querySelector(`${CSS.escape ? "#" + CSS.escape(location.hash.slice(1)) : location.hash} button`);
  if (back) back.focus();
})();
