/* Fetches a page's players when they come into view: the engine, the player, its weights.
   By script tags, so that it works from file:// as well. The page itself comes first. */
(function () {
  "use strict";
  const base = document.currentScript.src.replace(/load\.js.*$/, "");
  const loaded = {};

  function script(path) {
    loaded[path] = loaded[path] || new Promise((resolve) => {
      const tag = document.createElement("script");
      tag.src = base + path;
      tag.async = false; // fetched side by side, run in order
      tag.onload = tag.onerror = resolve; // what is missing is told by the stage
      document.head.append(tag);
    });
    return loaded[path];
  }
  async function load(node) {
    const name = node.dataset.player;
    node.dataset.loading = "1";
    await Promise.all(["engine.js", name + ".js"].map(script));
    if (window.WM.hasPlayer(name)) await Promise.all(window.WM.weightsOf(name).map((w) => script("weights/" + w + ".js")));
    window.WM.mountInSlices(node);
  }
  const idle = window.requestIdleCallback || setTimeout; // Safari has no such callback
  window.addEventListener("load", () => idle(watchAll, { timeout: 1000 }));
  function watchAll() {
    const watch = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        watch.unobserve(entry.target);
        load(entry.target);
      }
    }, { rootMargin: "300px" });
    for (const node of document.querySelectorAll(".wm-player[data-player]")) watch.observe(node);
  }
})();
