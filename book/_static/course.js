/* What the pages do besides being read: light and dark, the contents on a telephone, the section
   one is in, and wide tables that scroll inside themselves. Everything works without it. */
(function () {
  "use strict";
  const root = document.documentElement;

  function theme() {
    document.querySelector(".wm-theme-button").addEventListener("click", () => {
      const now = root.dataset.theme === "dark" ? "light" : "dark";
      root.dataset.theme = now;
      try { localStorage.setItem("wm-theme", now); } catch (e) { /* storage is off */ }
      window.dispatchEvent(new Event("wm-theme"));
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
      let chosen = null;
      try { chosen = localStorage.getItem("wm-theme"); } catch (e) { /* storage is off */ }
      if (!chosen) {
        root.dataset.theme = event.matches ? "dark" : "light";
        window.dispatchEvent(new Event("wm-theme"));
      }
    });
  }

  function contents() {
    const button = document.querySelector(".wm-contents-button");
    const panel = document.getElementById("contents");
    function set(open) {
      panel.classList.toggle("open", open);
      button.setAttribute("aria-expanded", String(open));
      document.body.style.overflow = open ? "hidden" : "";
    }
    button.addEventListener("click", () => set(!panel.classList.contains("open")));
    panel.addEventListener("click", (event) => { if (event.target.closest("a")) set(false); });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") set(false); });
    const current = panel.querySelector("[aria-current]");
    if (current && current.offsetTop > panel.clientHeight) panel.scrollTop = current.offsetTop - 80;
  }

  function sections() {
    const links = new Map();
    for (const link of document.querySelectorAll(".wm-sections a")) {
      const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (target) links.set(target, link);
    }
    if (!links.size) return;
    function mark() {
      let here = null;
      for (const [target, link] of links) {
        if (target.getBoundingClientRect().top < innerHeight * 0.3) here = link;
      }
      for (const link of links.values()) link.classList.toggle("here", link === here);
    }
    addEventListener("scroll", mark, { passive: true });
    mark();
  }

  function tables() {
    for (const table of document.querySelectorAll(".wm-article table")) {
      if (table.closest(".wm-scroll, .wm-table, .highlight")) continue;
      const box = document.createElement("div");
      box.className = "wm-table";
      table.replaceWith(box);
      box.append(table);
    }
    /* What scrolls sideways must be reachable by keyboard. */
    for (const box of document.querySelectorAll(".wm-table, .wm-scroll, .wm-article pre")) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    }
  }

  document.addEventListener("DOMContentLoaded", () => { theme(); contents(); sections(); tables(); });
})();
