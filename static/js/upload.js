// Sends files one by one with progress; without this script the form sends them all at once.
(function () {
  "use strict";
  const form = document.getElementById("upload-form");
  if (!form || !window.FormData || !window.XMLHttpRequest) return;
  const AT_ONCE = 3;
  const input = document.getElementById("files");
  const list = document.getElementById("sending");
  const problem = document.getElementById("upload-problem");
  const largest = Number(form.dataset.largest) * 1024 * 1024;
  const waiting = [];
  let running = 0;
  let refreshing = 0;

  function say(item, words) {
    let said = item.querySelector(".said");
    if (!said) { said = document.createElement("span"); said.className = "said"; said.setAttribute("role", "alert"); item.append(said); }
    said.textContent = words;
  }
  function button(item, label, act) {
    const made = document.createElement("button");
    made.type = "button"; made.textContent = label;
    made.addEventListener("click", () => { made.remove(); act(); });
    item.append(made);
  }
  function refresh() {
    clearTimeout(refreshing);
    refreshing = setTimeout(() => {
      const yours = document.getElementById("yours");
      if (yours && window.htmx) window.htmx.trigger(yours, "refresh");
    }, 250);
  }

  function add(files) {
    problem.hidden = true;
    const pdfs = files.filter((file) => /\.pdf$/i.test(file.name) || file.type === "application/pdf");
    if (files.length && !pdfs.length) { problem.textContent = window.said("None of these files is a PDF."); problem.hidden = false; }
    for (const file of pdfs) {
      const item = document.createElement("li");
      const name = document.createElement("span");
      name.className = "name"; name.textContent = file.name; name.title = file.name;
      const bar = document.createElement("progress");
      bar.max = 1; bar.value = 0; bar.setAttribute("aria-label", window.said("Sent of {name}", { name: file.name }));
      item.append(name, bar); list.append(item);
      if (file.size > largest) { refused(item, window.said("Larger than {largest} MB. Print it to a smaller PDF, or enter the paper by DOI or arXiv id.", { largest: form.dataset.largest })); continue; }
      if (!file.size) { refused(item, window.said("The file is empty.")); continue; }
      waiting.push({ file, item, bar });
    }
    next();
  }
  function refused(item, words) {
    const bar = item.querySelector("progress");
    if (bar) bar.remove();
    say(item, words);
    button(item, window.said("Dismiss"), () => item.remove());
  }
  function next() {
    while (running < AT_ONCE && waiting.length) send(waiting.shift());
  }
  function send(job) {
    running += 1;
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    data.append("licence", form.elements.licence.value);
    data.append("file", job.file, job.file.name);
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset.one);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) job.bar.value = event.loaded / event.total; });
    const ended = () => { running -= 1; next(); };
    request.addEventListener("load", () => {
      const answer = request.response || {};
      if (request.status < 300) { job.item.remove(); refresh(); }
      else {
        const words = answer.message || window.said("The server answered {status}.", { status: request.status });
        refused(job.item, words);
        if (request.status === 429) waiting.splice(0).forEach((later) => refused(later.item, words));
      }
      ended();
    });
    const failed = () => {
      say(job.item, window.said("The connection broke; nothing was lost."));
      button(job.item, window.said("Send again"), () => { job.item.querySelector(".said").remove(); job.bar.value = 0; waiting.push(job); next(); });
      ended();
    };
    request.addEventListener("error", failed);
    request.addEventListener("timeout", failed);
    request.send(data);
  }

  // Folders are walked; the browser hands their entries over in portions.
  function walk(entry, found) {
    if (entry.isFile) return new Promise((done) => entry.file((file) => { found.push(file); done(); }, done));
    if (!entry.isDirectory) return Promise.resolve();
    const reader = entry.createReader();
    const portion = () => new Promise((done) => reader.readEntries(done, () => done([])));
    const all = async () => { for (let part = await portion(); part.length; part = await portion()) for (const inside of part) await walk(inside, found); };
    return all();
  }
  async function dropped(transfer) {
    const entries = Array.from(transfer.items || []).map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
    if (!entries.length) return add(Array.from(transfer.files));
    const found = [];
    await Promise.all(entries.map((entry) => walk(entry, found)));
    add(found);
  }

  const carriesFiles = (event) => event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");
  let depth = 0;
  document.addEventListener("dragenter", (event) => { if (carriesFiles(event)) { depth += 1; form.classList.add("over"); } });
  document.addEventListener("dragleave", (event) => { if (carriesFiles(event) && (depth -= 1) <= 0) { depth = 0; form.classList.remove("over"); } });
  document.addEventListener("dragover", (event) => { if (carriesFiles(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth = 0; form.classList.remove("over");
    dropped(event.dataTransfer);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    add(Array.from(input.files));
    input.value = "";
  });
  window.addEventListener("beforeunload", (event) => { if (running || waiting.length) event.preventDefault(); });
})();
