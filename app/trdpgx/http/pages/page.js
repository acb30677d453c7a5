"use strict";
// The page without this script is a plain form. With it: progress, cancel, a form for the clinical context, and the report in place.
// Nothing is stored: what was chosen and answered lives in this page alone and goes when it is closed.
(() => {
  const at = (id) => document.getElementById(`up-${id}`);
  const form = at("form");
  let example = null;
  let running = null;
  let shown = null;
  let asked = "reports";
  let kept = {};

  // the clinical context: rows of a drug or a trial, as the JSON of the interface names their fields
  const FIELDS = {
    drugs: [
      ["drug", "Drug", "text"],
      ["dose", "Dose, mg a day", "number"],
      ["since", "Since", "date"],
      ["stopped_on", "Stopped on", "date"],
    ],
    trials: [
      ["drug", "Drug", "text"],
      ["dose_max", "Highest dose, mg a day", "number"],
      ["weeks", "Weeks", "number"],
      ["improvement_percent", "Improvement in %", "number"],
      ["stopped_for", "Stopped for", ["", "inefficacy", "intolerance", "non_adherence", "remission", "patient_choice", "other"]],
      ["adherence", "Doses taken in %", "number"],
    ],
  };
  const KEYS = { drugs: "current_drugs", trials: "trials" };
  let rows = 0;

  function control(kind, id) {
    if (Array.isArray(kind)) {
      const select = document.createElement("select");
      for (const value of kind) select.add(new Option(value.replaceAll("_", " ") || "not stated", value));
      select.id = id;
      return select;
    }
    const input = document.createElement("input");
    input.type = kind;
    input.id = id;
    if (kind === "number") input.step = "any";
    if (kind === "text") {
      input.setAttribute("list", "up-names");
      input.autocomplete = "off";
    }
    return input;
  }

  function addRow(list, values = {}) {
    const row = document.createElement("li");
    row.kept = { ...values };
    for (const [name, words, kind] of FIELDS[list]) {
      const group = document.createElement("div");
      const label = document.createElement("label");
      const input = control(kind, `up-${list}-${name}-${++rows}`);
      label.htmlFor = input.id;
      label.textContent = words;
      input.dataset.name = name;
      const value = values[name];
      if (value !== undefined && value !== null) input.value = name === "adherence" && value <= 1 ? value * 100 : value;
      delete row.kept[name];
      group.append(label, input);
      row.append(group);
    }
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = "Remove";
    remove.setAttribute("aria-label", list === "drugs" ? "Remove this drug" : "Remove this trial");
    remove.addEventListener("click", () => {
      row.remove();
      form.querySelector(`[data-add=${list}]`).focus();
    });
    row.append(remove);
    at(list).append(row);
    return row;
  }

  function rowsOf(list) {
    const found = [];
    for (const row of at(list).children) {
      const values = { ...row.kept };
      for (const input of row.querySelectorAll("[data-name]")) {
        if (input.value === "") continue;
        values[input.dataset.name] = input.type === "number" ? Number(input.value) : input.value;
      }
      if (values.drug) found.push(values);
    }
    return found;
  }

  function context() {
    const made = { ...kept };
    for (const list of ["drugs", "trials"]) {
      const found = rowsOf(list);
      if (found.length) made[KEYS[list]] = found;
    }
    if (!made.current_drugs && at("nodrugs").checked) made.current_drugs = [];
    if (at("age").value !== "") made.age_years = Number(at("age").value);
    if (at("smoking").value !== "") made.smoking = { ...(kept.smoking || {}), cigarettes_per_day: Number(at("smoking").value) };
    if (at("months").value !== "") made.episode_months = Number(at("months").value);
    return Object.keys(made).length ? made : null;
  }

  function fill(values) {
    kept = { ...values };
    for (const list of ["drugs", "trials"]) {
      at(list).replaceChildren();
      for (const one of values[KEYS[list]] || []) addRow(list, one);
      delete kept[KEYS[list]];
    }
    at("nodrugs").checked = Array.isArray(values.current_drugs) && !values.current_drugs.length;
    at("age").value = values.age_years ?? "";
    at("smoking").value = values.smoking?.cigarettes_per_day ?? "";
    at("months").value = values.episode_months ?? "";
    for (const name of ["age_years", "episode_months"]) delete kept[name];
  }

  async function learnNames() {
    if (at("names").childElementCount) return;
    const answer = await fetch("v1/drugs", { headers: key() }).catch(() => null);
    if (!answer?.ok) return;
    const names = new Set();
    for (const { drug } of (await answer.json()).drugs) for (const name of [drug.name, ...(drug.brands || []), ...(drug.synonyms || [])]) names.add(name);
    for (const name of [...names].sort()) at("names").append(new Option(name, name));
  }

  // requests
  function body() {
    const data = new FormData();
    const genome = example || at("vcf").files[0];
    if (genome) data.append("vcf", genome, "genome");
    for (const [id, name] of [["outside", "outside_calls"], ["targets", "targets"]]) {
      if (at(id).files[0]) data.append(name, at(id).files[0], name);
    }
    const made = context();
    if (made) data.append("context", new Blob([JSON.stringify(made)], { type: "application/json" }), "context");
    else if (at("context").files[0]) data.append("context", at("context").files[0], "context");
    return data;
  }

  function problem(text, remedy, line) {
    const box = at("problem");
    box.replaceChildren();
    for (const part of [text, line ? `Line ${line} of the file.` : "", remedy]) {
      if (!part) continue;
      const paragraph = document.createElement("p");
      paragraph.textContent = part;
      box.append(paragraph);
    }
    box.hidden = false;
  }

  function explain(status, text) {
    try {
      const answer = JSON.parse(text);
      problem(`${answer.title} ${answer.detail}`, answer.remedy, answer.line);
    } catch {
      problem(`The service answered with status ${status}.`, "Try again in a moment.");
    }
  }

  // the header with the key, where the service asks for one; a key is of characters that a header can have
  function key() {
    const entered = at("key")?.value.trim() || "";
    return /^[\x21-\x7e]+$/.test(entered) ? { Authorization: `Bearer ${entered}` } : {};
  }

  // what is asked for: the reports of a genome, or an earlier report made anew
  const QUERIES = {
    reports: (format) => ({ format, assembly: at("assembly").value, absent: at("absent").value, ...(format === "text" ? { detail: "full" } : {}) }),
    reannotations: (format) => ({ format, with_report: true }),
  };
  const BODIES = { reports: body, reannotations: () => new FormData(at("older")) };

  function ask(format, done) {
    const query = new URLSearchParams(QUERIES[asked](format));
    const request = new XMLHttpRequest();
    running = request;
    request.open("POST", `v1/${asked}?${query}`);
    for (const [name, value] of Object.entries(key())) request.setRequestHeader(name, value);
    request.responseType = "text";
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      at("bar").value = (100 * event.loaded) / event.total;
      at("status").textContent = event.loaded < event.total ? "Uploading." : "Uploaded; the report is being made.";
    });
    request.addEventListener("loadend", () => {
      running = null;
      at("progress").hidden = true;
    });
    request.addEventListener("abort", () => (at("status").textContent = "Cancelled. Nothing was kept."));
    request.addEventListener("error", () => problem("The service did not answer.", "Try again in a moment."));
    request.addEventListener("load", () => {
      at("status").textContent = "";
      if (request.status === 200) return done(request.responseText);
      explain(request.status, request.responseText);
    });
    at("problem").hidden = true;
    at("progress").hidden = false;
    at("bar").value = 0;
    request.send(BODIES[asked]());
  }

  function show(html) {
    // the page has the style of reports already, and its policy allows no other
    const report = new DOMParser().parseFromString(html.replace(/<style>[^]*?<\/style>/, ""), "text/html");
    shown = html;
    at("result").replaceChildren(...report.querySelector("main").childNodes);
    document.title = report.title;
    at("start").hidden = true;
    at("result").hidden = at("tools").hidden = false;
    for (const one of ["reports", "reannotations"]) at(`save-${one}`).hidden = one !== asked;
    at("result").focus();
    scrollTo(0, 0);
  }

  function save(text, type, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    asked = "reports";
    example = null;
    if (!at("vcf").files[0] && !at("outside").files[0] && !at("context").files[0] && !context()) {
      problem("There is nothing to report on.", "Choose a genome, calls of another tool, or a clinical context.");
      return;
    }
    ask("html", show);
  });
  at("older").addEventListener("submit", (event) => {
    event.preventDefault();
    asked = "reannotations";
    ask("html", show);
  });
  async function takeExample(done) {
    const answer = await fetch("example.vcf", { headers: key() });
    if (answer.ok) done(await answer.blob());
    else explain(answer.status, await answer.text());
  }

  at("example").addEventListener("click", () =>
    takeExample((genome) => {
      example = genome;
      asked = "reports";
      ask("html", show);
    }),
  );
  if (at("key")) {
    // a link sends no key
    at("download").addEventListener("click", (event) => {
      event.preventDefault();
      takeExample((genome) => save(genome, "text/plain", "example.vcf"));
    });
  }
  at("cancel").addEventListener("click", () => running?.abort());
  at("print").addEventListener("click", () => {
    for (const one of at("result").querySelectorAll("details")) one.open = true;
    print();
  });
  at("again").addEventListener("click", () => {
    at("result").replaceChildren();
    shown = null;
    document.title = "trdpgx: a pharmacogenomic report";
    at("result").hidden = at("tools").hidden = true;
    at("start").hidden = false;
    at(asked === "reports" ? "vcf" : "report").focus();
  });
  for (const button of document.querySelectorAll("[data-format]")) {
    button.addEventListener("click", () => {
      const { format, media, ending } = button.dataset;
      if (format === "html") save(shown, media, `report${ending}`);
      else ask(format, (text) => save(text, media, `report${ending}`));
    });
  }
  for (const button of form.querySelectorAll("[data-add]")) {
    button.addEventListener("click", () => addRow(button.dataset.add).querySelector("input").focus());
  }
  at("person").addEventListener("toggle", learnNames);
  at("save-context").addEventListener("click", () => save(JSON.stringify(context() || {}, null, 2), "application/json", "context.json"));
  at("load-context").addEventListener("change", async (event) => {
    try {
      fill(JSON.parse(await event.target.files[0].text()));
      at("problem").hidden = true;
    } catch {
      problem("This file is not JSON.", "Choose a file that this form has saved.");
    }
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    at("drop").addEventListener(name, (event) => {
      event.preventDefault();
      at("drop").classList.toggle("over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) at("vcf").files = event.dataTransfer.files;
    });
  }
  for (const one of document.querySelectorAll(".scripted")) one.hidden = false;
})();
