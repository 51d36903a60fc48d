// Makes the pages more comfortable; each of them works without it. Loaded in the head, so that a chosen
// theme is set before the first paint. No eval, no inline script, no style attribute: the content policy is strict.
(() => {
  "use strict";

  const root = document.documentElement;
  const store = {
    get(key) {
      try { return window.localStorage.getItem(key); } catch { return null; }
    },
    set(key, value) {
      try { window.localStorage.setItem(key, value); } catch { /* private mode: the choice lasts for this page */ }
    },
  };

  // ---- theme: as the system says, unless somebody chose
  const THEME = "allmende.theme";
  const chosen = store.get(THEME);
  if (chosen === "light" || chosen === "dark") root.dataset.kernTheme = chosen;

  const isDark = () =>
    root.dataset.kernTheme
      ? root.dataset.kernTheme === "dark"
      : window.matchMedia("(prefers-color-scheme: dark)").matches;

  function setUpThemeSwitch(button) {
    const label = button.querySelector("[data-am-theme-label]");
    const tell = () => { label.textContent = isDark() ? "Helle Ansicht" : "Dunkle Ansicht"; };
    button.hidden = false;
    tell();
    button.addEventListener("click", () => {
      root.dataset.kernTheme = isDark() ? "light" : "dark";
      store.set(THEME, root.dataset.kernTheme);
      tell();
    });
  }

  // ---- main menu: open beside the name, closed behind one button on a small screen, and so from the first paint
  root.dataset.amScript = "";
  function setUpMenu(menu) {
    const wide = window.matchMedia("(min-width: 48rem)");
    const fit = () => { menu.open = wide.matches; };
    fit();
    menu.dataset.amReady = "";
    wide.addEventListener("change", fit);
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || wide.matches || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }

  // Paper is white.
  window.addEventListener("beforeprint", () => {
    root.dataset.amThemeBefore = root.dataset.kernTheme || "";
    root.dataset.kernTheme = "light";
  });
  window.addEventListener("afterprint", () => {
    if (root.dataset.amThemeBefore) root.dataset.kernTheme = root.dataset.amThemeBefore;
    else delete root.dataset.kernTheme;
  });

  // ---- what somebody has unfolded stays so when htmx puts new contents in its place
  const unfolded = new Set();
  // What htmx puts beside the hits changes nothing about them.
  const isAside = (part) => part instanceof Element && part.closest(".am-why__text, .am-combo__list");
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isAside(event.target)) return;
    unfolded.clear();
    for (const part of event.target.querySelectorAll("details[id][open]")) unfolded.add(part.id);
  });
  function unfoldAgain(part) {
    for (const folded of part.querySelectorAll("details[id]:not([open])")) folded.open = unfolded.has(folded.id);
  }

  // ---- facet panel: open beside the hits, closed above them on a small screen
  function setUpPanel(panel) {
    const wide = window.matchMedia("(min-width: 62rem)");
    const fit = () => { panel.open = wide.matches; };
    // Whoever ticks several boxes keeps the panel open between them.
    if (!unfolded.has(panel.id)) fit();
    wide.addEventListener("change", fit);
    for (const button of panel.querySelectorAll("[data-am-without-htmx]")) button.hidden = Boolean(window.htmx);
  }

  // ---- comparison: what is ticked is remembered while the tab is open, across pages of hits
  const PICKED = "allmende.compare";
  const MOST = 6;
  const picked = () => {
    try { return JSON.parse(window.sessionStorage.getItem(PICKED) || "[]"); } catch { return []; }
  };
  const keep = (list) => {
    try { window.sessionStorage.setItem(PICKED, JSON.stringify(list)); } catch { /* lasts for this page */ }
  };

  function showTray() {
    const tray = document.querySelector("[data-am-tray]");
    const list = picked();
    for (const box of document.querySelectorAll("[data-am-pick]")) {
      box.checked = list.some((entry) => entry.id === box.value);
      box.disabled = !box.checked && list.length >= MOST;
    }
    if (!tray) return;
    const link = tray.querySelector("[data-am-tray-link]");
    const text = tray.querySelector("[data-am-tray-text]");
    tray.hidden = list.length === 0;
    const names = list.map((entry) => entry.name).join(", ");
    text.textContent = list.length < 2 ? `Ausgewählt: ${names}. Wählen Sie noch eine Lösung.` : `Ausgewählt: ${names}`;
    link.hidden = list.length < 2;
    link.href = `${tray.dataset.amTray}?${list.map((entry) => `l=${encodeURIComponent(entry.id)}`).join("&")}`;
  }

  function pick(box) {
    const list = picked().filter((entry) => entry.id !== box.value);
    if (box.checked && list.length < MOST) list.push({ id: box.value, name: box.dataset.amPick });
    keep(list);
    showTray();
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-am-pick]")) pick(event.target);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-am-tray-clear]")) { keep([]); showTray(); }
    if (event.target.closest("[data-am-print]")) window.print();
  });

  // ---- "Warum steht das hier?": a link to a page of its own; with htmx it opens and closes under the hit
  const answerTo = (link) => link.closest("article").querySelector(".am-why__text");
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-am-why]");
    if (!link || !window.htmx || link.getAttribute("aria-expanded") !== "true") return;
    event.preventDefault();
    event.stopPropagation();
    answerTo(link).replaceChildren();
    link.setAttribute("aria-expanded", "false");
  }, true);
  document.addEventListener("htmx:afterSwap", (event) => {
    const link = event.detail.requestConfig && event.detail.requestConfig.elt;
    if (link && link.matches("[data-am-why]")) link.setAttribute("aria-expanded", "true");
  });

  // ---- suggestions below a search field: a listbox after the pattern of the ARIA Authoring Practices
  function setUpCombo(combo) {
    const input = combo.querySelector("[role=combobox]");
    const list = combo.querySelector("[role=listbox]");
    const status = combo.querySelector("[data-am-combo-status]");
    if (!input || !list || combo.dataset.amReady) return;
    combo.dataset.amReady = "1";
    let at = -1;
    const options = () => [...list.querySelectorAll("[role=option]")];
    const go = (option) => { window.location.assign(option.dataset.href); };

    function mark(place) {
      at = place;
      options().forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
      if (at < 0) { input.removeAttribute("aria-activedescendant"); return; }
      input.setAttribute("aria-activedescendant", options()[at].id);
      options()[at].scrollIntoView({ block: "nearest" });
    }
    function show(yes) {
      list.hidden = !yes;
      input.setAttribute("aria-expanded", String(yes));
      mark(-1);
    }
    list.addEventListener("htmx:afterSwap", () => {
      const many = options().length;
      show(many > 0 && document.activeElement === input);
      status.textContent = many ? `${many} ${many === 1 ? "Vorschlag" : "Vorschläge"}, mit den Pfeiltasten zu wählen.` : "";
    });
    input.addEventListener("keydown", (event) => {
      const many = options().length;
      if (event.key === "Escape" && !list.hidden) { show(false); event.preventDefault(); return; }
      if (!many) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        if (list.hidden) show(true);
        // One place more than there are options: the field itself.
        mark(((at + 1 + step + many + 1) % (many + 1)) - 1);
      } else if (event.key === "Enter" && at >= 0 && !list.hidden) {
        event.preventDefault();
        go(options()[at]);
      }
    });
    input.addEventListener("blur", () => show(false));
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) go(option);
    });
  }

  function setUp(part) {
    for (const combo of part.querySelectorAll("[data-am-combo]")) setUpCombo(combo);
    for (const panel of part.querySelectorAll("details[data-am-panel]")) setUpPanel(panel);
    for (const button of part.querySelectorAll("[data-am-print]")) button.hidden = false;
    // The tray remembers what is ticked across pages; the button knows this page only.
    for (const button of part.querySelectorAll("[data-am-without-tray]")) button.hidden = true;
    showTray();
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-am-theme]")) setUpThemeSwitch(button);
    for (const menu of document.querySelectorAll("[data-am-menu]")) setUpMenu(menu);
    setUp(document);
    const summary = document.querySelector("[data-am-error-summary]");
    if (summary) summary.focus();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (isAside(event.target)) return;
    setUp(document);
    unfoldAgain(document);
  });
})();
