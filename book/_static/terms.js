/* What a term of the glossary means, over the term, on hover and on focus. The link itself leads to
   the glossary, with or without this script. The definitions are loaded when the first is asked for.
   As WCAG 1.4.13 wants it: Escape takes the note away, and the pointer may move onto it. */
(function () {
  "use strict";
  const base = document.currentScript.src.replace(/terms\.js.*$/, "");
  const note = document.createElement("span");
  note.className = "wm-term-note";
  note.id = "wm-term-note";
  note.setAttribute("role", "tooltip");
  note.hidden = true;
  let over = null, timer = 0;

  function definitions(then) {
    if (window.wmTerms) return then();
    const script = document.createElement("script");
    script.src = base + "terms_data.js";
    script.onload = then;
    document.head.append(script);
  }

  function show(link) {
    clearTimeout(timer);
    if (over === link) return;
    hide();
    over = link;
    definitions(() => {
      const text = window.wmTerms[decodeURIComponent(link.hash.slice(1))];
      if (over !== link || !text) return;
      note.textContent = text;
      document.body.append(note);
      note.hidden = false;
      link.setAttribute("aria-describedby", note.id);
      const word = link.getClientRects()[0], box = note.getBoundingClientRect(), edge = 8;
      const left = Math.min(Math.max(edge, word.left), document.documentElement.clientWidth - box.width - edge);
      const above = word.top - box.height - 6;
      note.style.left = left + scrollX + "px";
      note.style.top = (above > 64 ? above : word.bottom + 6) + scrollY + "px";
    });
  }
  function hide() {
    clearTimeout(timer);
    if (over) over.removeAttribute("aria-describedby");
    over = null;
    note.hidden = true;
  }
  function later() { clearTimeout(timer); timer = setTimeout(hide, 250); }

  for (const link of document.querySelectorAll("a.wm-term")) {
    link.addEventListener("pointerenter", () => show(link));
    link.addEventListener("pointerleave", later);
    link.addEventListener("focus", () => show(link));
    link.addEventListener("blur", hide);
  }
  note.addEventListener("pointerenter", () => clearTimeout(timer));
  note.addEventListener("pointerleave", later);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
})();
