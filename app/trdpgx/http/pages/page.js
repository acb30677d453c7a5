"use strict";
// Without this script the page is a plain form. The script adds progress, cancel, a form for the clinical context, and shows the report in
// the page. It stores nothing: files and answers are in the memory of this page until it is closed.
(() => {
  const byId = (id) => document.getElementById(`up-${id}`);
  const form = byId("form");
  let example = null;
  let running = null;
  let reportHtml = null;
  let endpoint = "reports";
  let otherFields = {}; // of a loaded context: what this form has no input for

  // the clinical context: rows of a drug or a trial, with the field names of the context's JSON
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

  // shows a value of a loaded context, and returns whether the control can hold it; what it cannot is sent as it was loaded
  function fits(input, value) {
    input.value = value ?? "";
    input.placeholder = "";
    if (value === undefined || value === null || input.value !== "") return true;
    if (input.tagName === "SELECT") input.add(new Option(value, value, true, true));
    else input.placeholder = value;
    return input.value !== "";
  }

  function addRow(list, values = {}) {
    const row = document.createElement("li");
    row.otherFields = { ...values };
    for (const [name, words, kind] of FIELDS[list]) {
      const group = document.createElement("div");
      const label = document.createElement("label");
      const input = control(kind, `up-${list}-${name}-${++rows}`);
      label.htmlFor = input.id;
      label.textContent = words;
      input.dataset.name = name;
      const value = values[name];
      const shown = name === "adherence" && typeof value === "number" && value <= 1 ? Math.round(value * 1e4) / 100 : value;
      if (fits(input, shown)) delete row.otherFields[name];
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
    byId(list).append(row);
    return row;
  }

  function rowsOf(list) {
    const filled = [];
    for (const row of byId(list).children) {
      const values = { ...row.otherFields };
      for (const input of row.querySelectorAll("[data-name]")) {
        if (input.value === "") continue;
        const entered = input.type === "number" ? Number(input.value) : input.value;
        values[input.dataset.name] = input.dataset.name === "adherence" ? entered / 100 : entered;
      }
      if (values.drug) filled.push(values);
    }
    return filled;
  }

  function context() {
    const made = { ...otherFields };
    for (const list of ["drugs", "trials"]) {
      const values = rowsOf(list);
      if (values.length) made[KEYS[list]] = values;
    }
    if (!made.current_drugs && byId("nodrugs").checked) made.current_drugs = [];
    if (byId("age").value !== "") made.age_years = Number(byId("age").value);
    if (byId("smoking").value !== "") made.smoking = { ...(otherFields.smoking || {}), cigarettes_per_day: Number(byId("smoking").value) };
    if (byId("months").value !== "") made.episode_months = Number(byId("months").value);
    return Object.keys(made).length ? made : null;
  }

  function fill(values) {
    otherFields = { ...values };
    for (const list of ["drugs", "trials"]) {
      byId(list).replaceChildren();
      for (const one of values[KEYS[list]] || []) addRow(list, one);
      delete otherFields[KEYS[list]];
    }
    byId("nodrugs").checked = Array.isArray(values.current_drugs) && !values.current_drugs.length;
    if (fits(byId("age"), values.age_years)) delete otherFields.age_years;
    if (fits(byId("months"), values.episode_months)) delete otherFields.episode_months;
    fits(byId("smoking"), values.smoking?.cigarettes_per_day);
    if (byId("smoking").value !== "") {
      // a number that is cleared in the form must not be sent
      const { cigarettes_per_day, ...smoking } = values.smoking;
      if (Object.keys(smoking).length) otherFields.smoking = smoking;
      else delete otherFields.smoking;
    }
  }

  async function learnNames() {
    if (byId("names").childElementCount) return;
    const answer = await fetch("v1/drugs", { headers: key() }).catch(() => null);
    if (!answer?.ok) return;
    const names = new Set();
    for (const { drug } of (await answer.json()).drugs) for (const name of [drug.name, ...(drug.brands || []), ...(drug.synonyms || [])]) names.add(name);
    for (const name of [...names].sort()) byId("names").append(new Option(name, name));
  }

  // requests
  function body() {
    const data = new FormData();
    const genome = example || byId("vcf").files[0];
    if (genome) data.append("vcf", genome, "genome");
    for (const [id, name] of [["outside", "outside_calls"], ["targets", "targets"]]) {
      if (byId(id).files[0]) data.append(name, byId(id).files[0], name);
    }
    const made = context();
    if (made) data.append("context", new Blob([JSON.stringify(made)], { type: "application/json" }), "context");
    else if (byId("context").files[0]) data.append("context", byId("context").files[0], "context");
    return data;
  }

  function problem(text, remedy, line) {
    const box = byId("problem");
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

  // the header with the key, where the service needs one and the key has only characters that a header can have
  function key() {
    const entered = byId("key")?.value.trim() || "";
    return /^[\x21-\x7e]+$/.test(entered) ? { Authorization: `Bearer ${entered}` } : {};
  }

  // query and body for each endpoint: reports of a genome, or re-annotations of an earlier report
  const QUERIES = {
    reports: (format) => ({ format, assembly: byId("assembly").value, absent: byId("absent").value, ...(format === "text" ? { detail: "full" } : {}) }),
    reannotations: (format) => ({ format, with_report: true }),
  };
  const BODIES = { reports: body, reannotations: () => new FormData(byId("older")) };

  function ask(format, done) {
    const query = new URLSearchParams(QUERIES[endpoint](format));
    const request = new XMLHttpRequest();
    running = request;
    request.open("POST", `v1/${endpoint}?${query}`);
    for (const [name, value] of Object.entries(key())) request.setRequestHeader(name, value);
    request.responseType = "text";
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      byId("bar").value = (100 * event.loaded) / event.total;
      byId("status").textContent = event.loaded < event.total ? "Uploading." : "Uploaded; the report is being made.";
    });
    request.addEventListener("loadend", () => {
      running = null;
      byId("progress").hidden = true;
    });
    request.addEventListener("abort", () => (byId("status").textContent = "Cancelled. Nothing was kept."));
    request.addEventListener("error", () => problem("The service did not answer.", "Try again in a moment."));
    request.addEventListener("load", () => {
      byId("status").textContent = "";
      if (request.status === 200) return done(request.responseText);
      explain(request.status, request.responseText);
    });
    byId("problem").hidden = true;
    byId("progress").hidden = false;
    byId("bar").value = 0;
    request.send(BODIES[endpoint]());
  }

  function show(html) {
    // the page has the style of reports already, and its policy allows no other
    const report = new DOMParser().parseFromString(html.replace(/<style>[^]*?<\/style>/, ""), "text/html");
    reportHtml = html;
    byId("result").replaceChildren(...report.querySelector("main").childNodes);
    document.title = report.title;
    byId("start").hidden = true;
    byId("result").hidden = byId("tools").hidden = false;
    for (const one of ["reports", "reannotations"]) byId(`save-${one}`).hidden = one !== endpoint;
    byId("result").focus();
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
    endpoint = "reports";
    example = null;
    if (!byId("vcf").files[0] && !byId("outside").files[0] && !byId("context").files[0] && !context()) {
      problem("There is nothing to report on.", "Choose a genome, calls of another tool, or a clinical context.");
      return;
    }
    ask("html", show);
  });
  byId("older").addEventListener("submit", (event) => {
    event.preventDefault();
    endpoint = "reannotations";
    ask("html", show);
  });
  async function takeExample(done) {
    const answer = await fetch("example.vcf", { headers: key() });
    if (answer.ok) done(await answer.blob());
    else explain(answer.status, await answer.text());
  }

  byId("example").addEventListener("click", () =>
    takeExample((genome) => {
      example = genome;
      endpoint = "reports";
      ask("html", show);
    }),
  );
  if (byId("key")) {
    // a link sends no key
    byId("download").addEventListener("click", (event) => {
      event.preventDefault();
      takeExample((genome) => save(genome, "text/plain", "example.vcf"));
    });
  }
  byId("cancel").addEventListener("click", () => running?.abort());
  byId("print").addEventListener("click", () => {
    for (const one of byId("result").querySelectorAll("details")) one.open = true;
    print();
  });
  byId("again").addEventListener("click", () => {
    byId("result").replaceChildren();
    reportHtml = null;
    document.title = "trdpgx: a pharmacogenomic report";
    byId("result").hidden = byId("tools").hidden = true;
    byId("start").hidden = false;
    byId(endpoint === "reports" ? "vcf" : "report").focus();
  });
  for (const button of document.querySelectorAll("[data-format]")) {
    button.addEventListener("click", () => {
      const { format, media, ending } = button.dataset;
      if (format === "html") save(reportHtml, media, `report${ending}`);
      else ask(format, (text) => save(text, media, `report${ending}`));
    });
  }
  for (const button of form.querySelectorAll("[data-add]")) {
    button.addEventListener("click", () => addRow(button.dataset.add).querySelector("input").focus());
  }
  byId("person").addEventListener("toggle", learnNames);
  byId("save-context").addEventListener("click", () => save(JSON.stringify(context() || {}, null, 2), "application/json", "context.json"));
  byId("load-context").addEventListener("change", async (event) => {
    try {
      fill(JSON.parse(await event.target.files[0].text()));
      byId("problem").hidden = true;
    } catch {
      problem("This file is not JSON.", "Choose a file that this form has saved.");
    }
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    byId("drop").addEventListener(name, (event) => {
      event.preventDefault();
      byId("drop").classList.toggle("over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) byId("vcf").files = event.dataTransfer.files;
    });
  }
  for (const one of document.querySelectorAll(".scripted")) one.hidden = false;
})();
