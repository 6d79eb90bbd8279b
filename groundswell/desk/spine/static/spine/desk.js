/* The desk's one script: keys, dialogs, the search that knows input methods, clocks that run, live counts. The pages work without it. */
(() => {
  "use strict";
  const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)];
  const body = () => document.body;
  const typing = t => t.closest && t.closest("input,textarea,select,[contenteditable=true]");

  // ---- search as one types; a phonetic input method sends one query, not one a letter
  let timer;
  const ask = t => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (t.dataset.last === t.value) return;
      t.dataset.last = t.value;
      t.dispatchEvent(new CustomEvent("desk:query", { bubbles: true }));
    }, 250);
  };
  document.addEventListener("input", e => { if (e.target.matches("[type=search],[data-query]") && !e.isComposing) ask(e.target); });
  document.addEventListener("compositionend", e => { if (e.target.matches("[type=search],[data-query]")) ask(e.target); });
  document.addEventListener("change", e => { if (e.target.matches("[data-query]")) ask(e.target); if (e.target.matches("[data-submit]")) e.target.form.requestSubmit(); });

  // ---- dialogs: every one is a page of its own, shown in the one <dialog> where script runs
  let opener;
  const open = async url => {
    const box = $("#dialog");
    try {
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return void (location.href = url);
      box.innerHTML = await answer.text();
    } catch { return void (location.href = url); }
    htmx.process(box);
    if (!box.open) box.showModal();
    const first = $("[autofocus],.errors,input:not([type=hidden]),textarea,select,button,a", box);
    if (first) first.focus();
  };
  document.addEventListener("click", e => {
    const a = e.target.closest("a[data-dialog]");
    if (a && !e.ctrlKey && !e.metaKey && !e.shiftKey && e.button === 0) { e.preventDefault(); opener = a; open(a.href); }
    if (e.target.closest("dialog [data-close]")) { e.preventDefault(); $("#dialog").close(); }
    if (e.target === $("#dialog")) $("#dialog").close();
  });
  document.addEventListener("close", e => { if (e.target.id === "dialog") { e.target.innerHTML = ""; if (opener) opener.focus(); } }, true);
  document.addEventListener("submit", async e => {
    const form = e.target, box = $("#dialog");
    if (!box || !box.contains(form) || form.method !== "post") return;
    e.preventDefault();
    const data = new FormData(form, e.submitter);
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { "HX-Request": "true" }, credentials: "same-origin" });
    const to = answer.headers.get("HX-Redirect") || answer.headers.get("HX-Location");
    if (to) { location.href = to; if (to.includes("#") || to === location.pathname + location.search) location.reload(); return; }
    box.innerHTML = await answer.text(); htmx.process(box);
    const wrong = $(".errors", box); if (wrong) wrong.focus();
  });

  // ---- rows: one is current, keys move it
  const rows = () => $$("[data-row]").filter(r => r.offsetParent);
  const current = () => $("[data-row][aria-current=true]");
  const move = step => {
    const all = rows(); if (!all.length) return;
    const at = all.indexOf(current());
    const to = all[Math.max(0, Math.min(all.length - 1, at + step))];
    all.forEach(r => r.removeAttribute("aria-current"));
    to.setAttribute("aria-current", "true");
    const target = $("a[data-main],a", to); if (target) target.focus({ preventScroll: true });
    to.scrollIntoView({ block: "nearest" });
    to.dispatchEvent(new CustomEvent("desk:current", { bubbles: true }));
  };
  const column = step => {
    const all = $$("[data-rows]").filter(c => $("[data-row]", c) && c.offsetParent), here = current();
    const to = all[all.findIndex(c => here && c.contains(here)) + step];
    if (!to) return false;
    const row = $("[data-row]", to);
    rows().forEach(r => r.removeAttribute("aria-current"));
    row.setAttribute("aria-current", "true");
    move(0);
    return true;
  };
  const press = key => {
    const scopes = [current(), document].filter(Boolean);
    for (const scope of scopes) {
      const hit = $$("[data-key]", scope).find(b => b.dataset.key === key && (scope !== document || (b.offsetParent && !b.closest("[data-row]"))));
      if (hit) { hit.click(); return true; }
    }
    return false;
  };
  // the palette: arrows walk through what was found, Enter takes the first
  const walk = e => {
    const box = e.target.closest && e.target.closest(".palette");
    if (!box) return false;
    const stops = [$("input[type=search]", box), ...$$("li a", box)], at = stops.indexOf(e.target);
    if (e.key === "Enter" && at === 0) { if (!stops[1] || (stops[0].dataset.last ?? stops[0].defaultValue) !== stops[0].value) return false; stops[1].click(); return true; }
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (!step || at < 0) return false;
    stops[(at + step + stops.length) % stops.length].focus();
    return true;
  };
  let chord = false;
  document.addEventListener("keydown", e => {
    if (e.isComposing || e.keyCode === 229) return;
    if (!e.ctrlKey && !e.metaKey && !e.altKey && !e.shiftKey && walk(e)) { e.preventDefault(); return; }
    const box = $("#dialog");
    if ((e.ctrlKey || e.metaKey) && e.key === "Enter") {
      const form = e.target.closest("form") || (box && box.open && $("form", box)) || $("form[data-ctrl-enter]");
      if (form) { e.preventDefault(); form.requestSubmit(); }
      return;
    }
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") { e.preventDefault(); const f = $(".find"); opener = f; return void open("/desk/go/"); }
    if (e.altKey && !e.ctrlKey && (e.key === "ArrowUp" || e.key === "ArrowDown")) {
      const row = (e.target.closest && e.target.closest("[data-row]")) || current();
      const b = row && $(e.key === "ArrowUp" ? "[data-up]" : "[data-down]", row);
      if (b) { e.preventDefault(); b.click(); }
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (typing(e.target)) { if (e.key === "Escape") e.target.blur(); return; }
    if (box && box.open) return;
    if (e.key === " " && e.target.closest && e.target.closest("button,summary,[role=button]")) return;
    if (body().dataset.shortcuts !== "1") return;
    const key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
    if (chord) {
      chord = false;
      const to = JSON.parse(body().dataset.chords || "{}")[key];
      if (to) { e.preventDefault(); location.href = to; }
      return;
    }
    const acts = {
      g: () => { chord = true; setTimeout(() => { chord = false; }, 1500); },
      j: () => move(1), k: () => move(-1),
      x: () => { const c = current() && $("input[type=checkbox]", current()); if (c) c.click(); },
      u: () => { const f = $("#undo"); if (f) f.requestSubmit(); },
      "/": () => { opener = $(".find"); open("/desk/go/"); },
      "?": () => open("/desk/keys/"),
      "[": () => press("["), "]": () => press("]"),
      ".": () => { const n = $("[data-new]"); if (n) n.click(); },
      Enter: () => { const c = current(); if (!c || e.target.closest("a,button,summary")) return false; const a = $("a[data-main],a", c); if (a) a.click(); },
      Escape: () => { $$("[data-row] input[type=checkbox]:checked").forEach(c => c.click()); },
    };
    if (key in acts) { if (acts[key]() !== false) e.preventDefault(); return; }
    if (press(key) || ((key === "h" || key === "l") && column(key === "h" ? -1 : 1))) e.preventDefault();
  });

  // ---- bulk bar
  document.addEventListener("change", e => {
    if (!e.target.matches("[data-row] input[type=checkbox]")) return;
    const n = $$("[data-row] input[type=checkbox]:checked").length, bar = $("[data-bulk]");
    if (bar) { bar.hidden = n === 0; const c = $("[data-count]", bar); if (c) c.textContent = n; }
  });

  // ---- triage: the row leaves at once, comes back if the server refuses
  document.addEventListener("htmx:beforeRequest", e => { const r = e.detail.elt.closest && e.detail.elt.closest("[data-row]"); if (r && e.detail.elt.matches("[data-leaves]")) { r.classList.add("leaving"); move(1); } });
  document.addEventListener("htmx:responseError", e => { const r = e.detail.elt.closest && e.detail.elt.closest("[data-row]"); if (r) r.classList.remove("leaving"); say(e.detail.xhr.responseText && e.detail.xhr.responseText.length < 300 ? e.detail.xhr.responseText : body().dataset.failed || "!"); });
  // ---- a row stays current when the list around it is drawn anew
  // until it stands, keys wait: its buttons do nothing of ours yet
  let kept, held = null;
  const release = () => { const keys = held || []; held = null; keys.forEach(k => (document.activeElement || body()).dispatchEvent(new KeyboardEvent("keydown", { key: k.key, altKey: k.altKey, bubbles: true, cancelable: true }))); };
  document.addEventListener("keydown", e => { if (held && !e.ctrlKey && !e.metaKey && !typing(e.target)) { held.push(e); e.preventDefault(); e.stopImmediatePropagation(); } }, true);
  document.addEventListener("htmx:beforeSwap", e => { const c = current(); kept = c && e.detail.target.contains(c) ? { id: c.id, at: rows().indexOf(c) } : null; if (kept && !held) { held = []; setTimeout(release, 120); } });
  document.addEventListener("htmx:afterSwap", () => {
    if (!kept) return;
    const row = (kept.id && document.getElementById(kept.id)) || rows()[Math.min(kept.at, rows().length - 1)];
    kept = null;
    if (row && !current()) row.setAttribute("aria-current", "true");
    const lost = !document.activeElement || document.activeElement === body();
    if (lost && row) { const a = $("a[data-main],a", row); if (a) a.focus({ preventScroll: true }); }
  });

  document.addEventListener("htmx:afterSettle", () => {
    const t = document.activeElement; if (!t || !t.form || !$("[data-autosave]", t.form)) return;
    const at = t.getBoundingClientRect(); if (at.top < 0 || at.bottom > innerHeight - 90) t.scrollIntoView({ block: "center" });
  });

  // ---- writing: characters counted as one writes, saved when one pauses
  const length = t => [...t.value.replace(/\[\d{1,3}\]/g, "").replace(/([\u3400-\u9fff，。；：、”）])\s+/g, "$1").replace(/\s+([\u3400-\u9fff])/g, "$1").trim()].length;
  const count = t => {
    const shown = document.getElementById(t.dataset.count); if (!shown) return;
    const n = $$(`[data-count="${t.dataset.count}"]`).reduce((sum, one) => sum + length(one), 0);
    $("b", shown).textContent = n;
    shown.classList.toggle("over", n > Number(shown.dataset.limit));
  };
  let pause;
  const save = form => { clearTimeout(pause); form.removeAttribute("data-dirty"); $("[data-autosave]", form).dispatchEvent(new CustomEvent("desk:autosave", { bubbles: true })); };
  document.addEventListener("input", e => {
    if (e.target.matches("[data-count]")) count(e.target);
    const form = e.target.form; if (!form || !$("[data-autosave]", form)) return;
    form.setAttribute("data-dirty", ""); clearTimeout(pause); pause = setTimeout(() => save(form), 4000);
  });
  document.addEventListener("focusout", e => { const form = e.target.form; if (form && form.hasAttribute("data-dirty") && !(e.relatedTarget && form.contains(e.relatedTarget))) save(form); });
  document.addEventListener("submit", e => { clearTimeout(pause); e.target.removeAttribute("data-dirty"); });
  document.addEventListener("keydown", e => {
    const away = e.key === "Escape" && !e.isComposing && e.target.form && $("[data-leave]", e.target.form);
    if (away) { clearTimeout(pause); e.target.form.removeAttribute("data-dirty"); away.click(); }
  }, true);

  // ---- what opens to be written in takes the focus
  document.addEventListener("toggle", e => { if (e.target.open && e.target.matches("[data-opens]")) { const t = $("textarea,input:not([type=hidden])", e.target); if (t) t.focus(); } }, true);

  // ---- a grid of cells: arrows go to the next link in the row, or to the nearest in the row above or below
  const cell = e => {
    const from = e.target.closest && e.target.closest("[data-grid] a"), step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[e.key];
    if (!from || !step || e.ctrlKey || e.metaKey || e.altKey) return;
    const across = e.key === "ArrowLeft" || e.key === "ArrowRight", trs = $$("tr", from.closest("table")).filter(r => $("a", r));
    const x = from.getBoundingClientRect().left, links = across ? $$("a", from.closest("tr")) : $$("a", trs[trs.indexOf(from.closest("tr")) + step] || from.closest("tr"));
    const to = across ? links[links.indexOf(from) + step] : links.sort((a, b) => Math.abs(a.getBoundingClientRect().left - x) - Math.abs(b.getBoundingClientRect().left - x))[0];
    if (to) { e.preventDefault(); to.focus(); }
  };
  document.addEventListener("keydown", cell);
  document.addEventListener("click", e => { if (e.target.closest("[data-print]")) print(); });

  // ---- what a button copies
  document.addEventListener("click", async e => {
    const b = e.target.closest("[data-copy]"); if (!b) return;
    const from = $(b.dataset.copy); from.select();
    try { await navigator.clipboard.writeText(from.value); } catch { document.execCommand("copy"); }
    say(b.dataset.copied);
  });
  document.addEventListener("htmx:sendError", () => { const o = $("#offline"); if (o) o.hidden = false; });
  document.addEventListener("htmx:afterRequest", e => { if (e.detail.successful) { const o = $("#offline"); if (o) o.hidden = true; } });
  const say = words => { const t = $("#toast"); if (t) t.textContent = words; };

  // ---- clocks run on by themselves
  const tickClocks = () => { /* the server draws them anew with the live answer */ };
  const live = () => { if (document.visibilityState === "visible" && $("#live")) htmx.trigger("#live", "desk:live"); tickClocks(); };
  setInterval(live, 20000);
  document.addEventListener("visibilitychange", live);

  document.addEventListener("DOMContentLoaded", () => {
    const wrong = $("#errors"); if (wrong) wrong.focus();
    const named = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const first = named && named.matches("[data-row]") ? named : rows()[0];
    if (first && !current()) { first.setAttribute("aria-current", "true"); if (first === named) first.dispatchEvent(new CustomEvent("desk:current", { bubbles: true })); }
    $$(".tabs [aria-current]").forEach(a => a.scrollIntoView({ block: "nearest", inline: "nearest" }));
    $$("[data-show]").forEach(b => { b.hidden = false; });
  });
})();
