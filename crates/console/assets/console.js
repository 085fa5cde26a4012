// What the pages can do beyond what they do without a script: keys, ticks, live refresh. Nothing here
// is needed to see or decide; everything works by links and forms.
"use strict";

const one = (css, from = document) => from.querySelector(css);
const all = (css, from = document) => [...from.querySelectorAll(css)];
const isTyping = (node) => node && (node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName) && !/^(checkbox|radio|button|submit)$/.test(node.type));

// ---- rows: j, k, Enter, x ----

let chosen = null; // the key of the chosen row, which outlives a refresh

const rows = () => all("[data-rows] tbody tr[data-href]");

function choose(row, focus = true) {
  all("tr.on").forEach((other) => { if (other !== row) { other.classList.remove("on"); other.removeAttribute("aria-selected"); } });
  if (!row) return;
  row.classList.add("on");
  chosen = row.dataset.key ?? null;
  if (focus) one("a[href]", row)?.focus({ preventScroll: true });
  const box = row.getBoundingClientRect();
  if (box.top < 100 || box.bottom > innerHeight - 70) row.scrollIntoView({ block: "center" });
}

function step(by) {
  const list = rows();
  if (!list.length) return;
  const at = list.findIndex((row) => row.classList.contains("on"));
  choose(list[Math.max(0, Math.min(list.length - 1, at < 0 ? 0 : at + by))]);
}

document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-href]");
  if (!row || event.target.closest("a, button, input, label, summary") || getSelection().toString()) return;
  if (event.target.closest(".tick")) { one(".tick input", row)?.click(); return; }
  if (event.metaKey || event.ctrlKey) open(row.dataset.href, "_blank", "noopener");
  else location.href = row.dataset.href;
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-rows] tr[data-href]");
  if (row && !row.classList.contains("on")) choose(row, false);
});

// ---- ticks ----

function count() {
  const button = one("button[data-count]");
  if (!button) return;
  button.dataset.plain ??= button.textContent;
  const ticked = all(".tick input[name=id]:checked").length;
  button.textContent = ticked ? button.dataset.count.replace("{}", ticked) : button.dataset.plain;
  button.disabled = !ticked;
  const whole = one("[data-tick-all]");
  if (whole) {
    const boxes = all(".tick input[name=id]");
    whole.hidden = !boxes.length;
    whole.checked = ticked > 0 && ticked === boxes.length;
    whole.indeterminate = ticked > 0 && ticked < boxes.length;
  }
}

let lastTick = null;
document.addEventListener("click", (event) => {
  const box = event.target;
  if (!box.matches?.(".tick input")) return;
  if (box.matches("[data-tick-all]")) all(".tick input[name=id]").forEach((other) => { other.checked = box.checked; });
  else if (event.shiftKey && lastTick?.isConnected) {
    const boxes = all(".tick input[name=id]");
    const [from, to] = [boxes.indexOf(lastTick), boxes.indexOf(box)].sort((a, b) => a - b);
    boxes.slice(from, to + 1).forEach((other) => { other.checked = box.checked; });
  }
  if (box.name === "id") lastTick = box;
  count();
});

// ---- search: one line, or many when many are pasted ----

const find = one("#q");

function fit() {
  if (find) find.classList.toggle("many", find.value.trim().includes("\n"));
}

find?.addEventListener("input", fit);
find?.addEventListener("keydown", (event) => {
  // While a syllable is being put together, Enter belongs to the keyboard.
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); if (find.value.trim()) find.form.requestSubmit(); }
  if (event.key === "Escape") { find.value = ""; fit(); find.blur(); }
});

// ---- filters apply themselves ----

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-auto]");
  if (form && event.target.matches("select, input[type=date]")) {
    if (event.target.type === "date" && event.target.value && new Date(event.target.value).getFullYear() < 2000) return;
    form.requestSubmit();
  }
});
document.addEventListener("submit", (event) => {
  // An address says only what was chosen.
  if (event.target.matches("form[data-auto]")) all("select, input", event.target).forEach((field) => { if (!field.value) field.disabled = true; });
});

// ---- keys ----

let before = "";
const places = { t: "/console", f: "/console/findings", o: "/console/cases", h: "/console/channels", s: "/console/settings" };

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.metaKey || event.ctrlKey || event.altKey) return;
  const help = one("#help");
  if (help.open) return;
  if (event.key === "Escape") {
    if (isTyping(event.target)) { event.target.blur(); return; }
    one("[data-up]")?.click();
    return;
  }
  if (isTyping(event.target)) return;
  // Keys are told by where they are, so that they work while the keyboard writes Korean.
  const key = event.code?.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
  const was = before;
  before = "";
  if (was === "g" && places[key]) { location.href = places[key]; return; }
  switch (key) {
    case "/": find?.focus(); find?.select(); break;
    case "?": help.showModal(); break;
    case "g": before = "g"; return;
    case "j": step(1); break;
    case "k": step(-1); break;
    case "x": one("tr.on .tick input")?.click(); break;
    case "c": {
      const box = one("tr.on .tick input[name=id]");
      if (box && !all(".tick input[name=id]:checked").length) box.click();
      one("[data-why]")?.focus();
      break;
    }
    case "[": one("a[rel=prev]")?.click(); break;
    case "]": one("a[rel=next]")?.click(); break;
    case "Enter": {
      const row = one("tr.on");
      if (!row || event.target.closest("a, button, summary, input")) return;
      location.href = row.dataset.href;
      break;
    }
    default: return;
  }
  event.preventDefault();
});

one("[data-help]")?.addEventListener("click", () => one("#help").showModal());
all("[hidden][data-help], [hidden][data-tick-all]").forEach((node) => { node.hidden = false; });
// Filters apply themselves: their button is for who has no script.
all("form[data-auto] button[type=submit]").forEach((node) => { node.hidden = true; });

// Back to the list as it was left, not to an empty one.
if (/^\/console\/(cases|findings)$/.test(location.pathname)) sessionStorage.setItem("hoesu_list", location.pathname + location.search);
const up = one("[data-up]");
if (up && sessionStorage.getItem("hoesu_list")) up.href = sessionStorage.getItem("hoesu_list");

// ---- a link to a document opens it ----

function unfold() {
  const target = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  if (target?.matches("details")) { target.open = true; target.scrollIntoView({ block: "start" }); }
}
addEventListener("hashchange", unfold);
unfold();

// ---- live refresh: the same page is fetched and put in place, element by element ----

/** Makes `old` what `now` is, keeping every element that stays: focus, selection, ticks and open folds live in them. */
function morph(old, now) {
  for (const { name, value } of [...now.attributes]) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (!now.hasAttribute(name) && name !== "open" && name !== "hidden") old.removeAttribute(name);
  const keyed = new Map([...old.children].filter((node) => node.dataset?.key).map((node) => [node.dataset.key, node]));
  let here = old.firstChild;
  for (const next of [...now.childNodes]) {
    const known = next.nodeType === 1 && next.dataset?.key ? keyed.get(next.dataset.key) : null;
    const fits = (node) => node && node.nodeType === next.nodeType && node.nodeName === next.nodeName && (node.dataset?.key ?? "") === (next.dataset?.key ?? "");
    let same = known ?? (fits(here) ? here : null);
    if (!same) { old.insertBefore(document.importNode(next, true), here); continue; }
    if (same !== here) old.insertBefore(same, here);
    else here = here.nextSibling;
    if (next.nodeType === 1) morph(same, next);
    else if (same.nodeValue !== next.nodeValue) same.nodeValue = next.nodeValue;
  }
  while (here) { const gone = here; here = here.nextSibling; gone.remove(); }
}

let fetching = false;
async function refresh() {
  const main = one("main[data-live]");
  if (!main || fetching || document.hidden) return;
  // Somebody who writes a reason or a memo is left alone.
  if (isTyping(document.activeElement) && main.contains(document.activeElement) && document.activeElement.value) return;
  // What is shown only once stays until it was written down.
  if (one("code.once", main)) return;
  fetching = true;
  try {
    const answer = await fetch(main.dataset.live, { headers: { accept: "text/html" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = one("main[data-live]", page);
    if (!fresh) return;
    morph(main, fresh);
    const row = chosen && rows().find((other) => other.dataset.key === chosen);
    if (row) row.classList.add("on");
    count();
    main.dispatchEvent(new CustomEvent("refreshed", { bubbles: true }));
  } catch { /* the next event tries again */ } finally { fetching = false; }
}

if (one("main[data-live]") && "EventSource" in window && !one("main.trouble")) {
  let turn = null;
  const events = new EventSource("/console/events");
  events.addEventListener("settled", ({ data }) => {
    if (turn !== null && data !== turn) refresh();
    turn = data;
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
}

count();
