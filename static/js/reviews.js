// Writing a review: "Insert" puts a cite where the cursor last stood; what was typed before the
// scripts came is saved as well.
(function () {
  "use strict";
  let last = null;
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("textarea[data-cites]")) last = event.target;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    const box = last || document.querySelector("textarea[data-cites]");
    if (!box) return;
    box.focus();
    box.setRangeText(button.dataset.insert, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
  window.addEventListener("load", () => {
    const form = document.getElementById("autosave")?.closest("form");
    if (form && Array.from(form.elements).some(isChanged)) {
      form.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  function isChanged(control) {
    if (control.type === "radio" || control.type === "checkbox") {
      return control.checked !== control.defaultChecked;
    }
    return "defaultValue" in control && control.value !== control.defaultValue;
  }
})();
