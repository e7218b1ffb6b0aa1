/* Searches the index that the search page loads (book/_ext/wm_search.py writes it): sections, not
   pages; the course's chapters first; each with the words around what was found. */
(function () {
  "use strict";
  const WEIGHT = [4, 2, 1.5, 1, 1]; // chapter, page of text, exercises, challenge, reference
  const KIND = ["", "", "Exercises", "Challenge", "Reference"];
  const MOST = { pages: 40, sections: 4 };
  const [pages, sections] = window.WM_INDEX;
  const root = document.documentElement.dataset.content_root;

  /* Each word as a pattern that finds it, its plural and what begins with it. */
  function patterns(query) {
    const words = query.toLowerCase().match(/[\p{L}\p{N}_]+/gu) || [];
    return words.map((word) => {
      const stem = word.length > 3 ? word.replace(/s$/, "") : word;
      return new RegExp(`(?<![\\p{L}\\p{N}])${stem}[\\p{L}\\p{N}_]*`, "giu");
    });
  }

  function score(section, found) {
    const [page, anchor, heading, text] = section;
    let sum = 0;
    for (const pattern of found) {
      const inText = (text.match(pattern) || []).length;
      const inHeading = (heading.match(pattern) || []).length;
      if (!inText && !inHeading) return 0;
      sum += Math.min(inText, 5) + 6 * Math.min(inHeading, 1) + (heading.replace(pattern, "") === "" ? 6 : 0);
    }
    return sum * WEIGHT[pages[page][2]] * (anchor.startsWith("exercise") ? 0.4 : 1); // where it is told, first
  }

  /* Pages with their best sections, the best first. */
  function search(query) {
    const found = patterns(query);
    if (!found.length) return [];
    const byPage = new Map();
    for (const section of sections) {
      const points = score(section, found);
      if (!points) continue;
      if (!byPage.has(section[0])) byPage.set(section[0], []);
      byPage.get(section[0]).push([points, section]);
    }
    return [...byPage].map(([page, hits]) => {
      hits.sort((a, b) => b[0] - a[0]);
      const title = found.every((pattern) => pages[page][1].match(pattern)) ? 10 * WEIGHT[pages[page][2]] : 0;
      const rest = hits.slice(1, 4).reduce((sum, hit) => sum + hit[0], 0) / 3;
      return { page: pages[page], points: hits[0][0] + rest + title, sections: hits.slice(0, MOST.sections).map((hit) => hit[1]) };
    }).sort((a, b) => b.points - a.points);
  }

  /* Append a text to an element, with what was found marked. */
  function marked(element, text, found) {
    const places = found.flatMap((pattern) => [...text.matchAll(pattern)]).sort((a, b) => a.index - b.index);
    let at = 0;
    for (const place of places) {
      if (place.index < at) continue;
      element.append(text.slice(at, place.index));
      element.appendChild(document.createElement("mark")).textContent = place[0];
      at = place.index + place[0].length;
    }
    element.append(text.slice(at));
    return element;
  }

  /* About 180 letters around the first place. */
  function around(text, found) {
    const first = Math.min(...found.map((pattern) => text.search(pattern)).filter((at) => at >= 0), text.length);
    const start = first < 90 ? 0 : text.indexOf(" ", first - 90) + 1;
    const end = text.length - start < 200 ? text.length : text.lastIndexOf(" ", start + 190);
    return (start ? "… " : "") + text.slice(start === text.length ? 0 : start, end) + (end < text.length ? " …" : "");
  }

  function show(query) {
    const found = patterns(query);
    const hits = search(query);
    const list = document.getElementById("search-results");
    list.replaceChildren();
    for (const hit of hits.slice(0, MOST.pages)) {
      const [address, title, kind, number] = hit.page;
      const item = list.appendChild(document.createElement("li"));
      const head = item.appendChild(document.createElement("h2"));
      if (number || KIND[kind]) head.appendChild(document.createElement("span")).textContent = number ? `Chapter ${number}` : KIND[kind];
      const link = head.appendChild(document.createElement("a"));
      link.href = `${root}${address}?found#${hit.sections[0][1]}`; // cover.html shows what is found
      marked(link, title, found);
      for (const [, anchor, heading, text] of hit.sections) {
        const line = item.appendChild(document.createElement("p"));
        if (heading !== title) {
          const place = line.appendChild(document.createElement("a"));
          place.href = `${root}${address}?found#${anchor}`;
          marked(place, heading, found);
          line.append(" ");
        }
        marked(line.appendChild(document.createElement("span")), around(text, found), found);
      }
    }
    const count = hits.length;
    document.getElementById("search-count").textContent = !found.length ? ""
      : !count ? `Nothing has all of: ${query}. Try fewer words, or their beginnings.`
      : `${count} page${count === 1 ? "" : "s"}${count > MOST.pages ? `, the first ${MOST.pages} are shown` : ""}.`;
  }

  const field = document.getElementById("search-field");
  field.value = new URLSearchParams(location.search).get("q") || "";
  field.addEventListener("input", () => show(field.value));
  show(field.value);
})();
