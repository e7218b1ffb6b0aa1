/* What the pages do besides being read: light and dark, the contents on a telephone, the section
   one is in, wide tables that scroll inside themselves, code that is copied. Everything works without it. */
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

  /* Where there is no room for the contents beside the text, a link leads to them; here it opens them. */
  function contents() {
    const button = document.querySelector(".wm-contents-button");
    const panel = document.getElementById("contents");
    function set(open) {
      panel.classList.toggle("open", open);
      button.setAttribute("aria-expanded", String(open));
      document.body.style.overflow = open ? "hidden" : "";
    }
    function toggle() {
      set(!panel.classList.contains("open"));
      if (panel.classList.contains("open")) panel.querySelector("a").focus();
    }
    button.setAttribute("role", "button");
    set(false);
    button.addEventListener("click", (event) => { event.preventDefault(); toggle(); });
    button.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); toggle(); } });
    panel.addEventListener("click", (event) => { if (event.target.closest("a")) set(false); });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !panel.classList.contains("open")) return;
      set(false);
      button.focus();
    });
    const current = panel.querySelector("[aria-current]");
    if (current && current.offsetTop > panel.clientHeight) panel.scrollTop = current.offsetTop - 80;
  }

  /* A button beside code that copies it, without the prompts of a shell. */
  function copying() {
    for (const code of document.querySelectorAll(".cell_input pre, .highlight-bash pre, .highlight-python pre")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copybtn";
      button.setAttribute("aria-label", "Copy the code");
      button.addEventListener("click", async () => {
        await write(code.textContent.replace(/^\$ /gm, "").trimEnd());
        button.classList.add("success");
        setTimeout(() => button.classList.remove("success"), 1500);
      });
      code.after(button);
    }
  }

  async function write(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = document.createElement("textarea"); // over plain http there is no clipboard
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
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
    /* What scrolls sideways must be reachable by keyboard, and say what it is. */
    let count = 0;
    for (const box of document.querySelectorAll(".wm-table, .wm-scroll, .wm-article pre, .cell_output .text_html, div.math")) {
      if (box.scrollWidth <= box.clientWidth + 1 || getComputedStyle(box).overflowX === "visible") continue;
      const kind = box.matches("pre") ? "Code" : box.matches(".math") ? "Formula" : "Table";
      box.tabIndex = 0;
      box.setAttribute("role", kind === "Table" ? "region" : "group");
      box.setAttribute("aria-label", `${kind} ${++count}, scrolls sideways`);
    }
  }

  /* The page's sections one after the other, so that no step is long (.wm-lazy in course.css). */
  function layOut() {
    const waiting = [...document.querySelectorAll(".wm-lazy .wm-article > section > section")];
    const idle = (work) => window.requestIdleCallback ? requestIdleCallback(work, { timeout: 100 }) : setTimeout(work, 50);
    function next() {
      const section = waiting.shift();
      if (!section) {
        root.classList.remove("wm-lazy");
        return tables();
      }
      section.classList.add("wm-laid-out");
      section.getBoundingClientRect(); // now, and not several in one frame
      idle(next);
    }
    addEventListener("load", () => idle(next));
  }

  /* A page opened at one of its sections stays there while films and players above it take their room. */
  function stay() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const way = performance.getEntriesByType("navigation")[0];
    if (!target || !way || way.type !== "navigate") return;
    const watch = new ResizeObserver(() => target.scrollIntoView({ behavior: "instant" }));
    const stop = () => watch.disconnect();
    watch.observe(document.querySelector(".wm-article"));
    for (const act of ["wheel", "touchstart", "pointerdown", "keydown"]) addEventListener(act, stop, { once: true, passive: true });
    addEventListener("load", () => setTimeout(stop, 4000));
  }

  document.addEventListener("DOMContentLoaded", () => { theme(); contents(); sections(); layOut(); stay(); copying(); });
  document.addEventListener("wm-uncover", () => root.classList.contains("wm-lazy") || tables()); /* cover.html */
})();
