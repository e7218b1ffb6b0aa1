// A curve that is sketched: drag, or the arrow keys. What was said is dashed, what came out solid.
window.wmSketch = function (bet, place, judged, make, scale) {
  const last = bet.stops.length - 1, places = bet.x.length - 1, W = 320, H = 170, M = 42;
  const values = judged ? judged.said : bet.x.map(() => bet.stops[last >> 1]);
  const low = scale(bet.stops[0]), high = scale(bet.stops[last]);
  const px = (i) => M + i * (W - 2 * M) / places;
  const py = (v) => H - 26 - (scale(v) - low) / (high - low) * (H - 52);
  const label = judged ? `You said ${judged.words}. It was ${bet.says}.`
    : bet.asked + " Left and right choose a place, up and down its value.";
  const plot = make("svg", {viewBox: `0 0 ${W} ${H}`, role: judged ? "img" : "slider", "aria-label": label});
  const below = make("p");
  let here = 0;
  const set = bet.x.map(() => !!judged);  // which places the reader has given a value
  function draw() {
    plot.replaceChildren(make("text", {x: 2, y: 12}, bet.texts[last]), make("text", {x: 2, y: H - 18}, bet.texts[0]));
    bet.x.forEach((x, i) => plot.append(make("text", {x: px(i), y: H - 3, "text-anchor": "middle"}, x)));
    const line = (line, kind) => plot.append(
      make("path", {class: kind, d: "M" + line.map((v, i) => px(i) + " " + py(v)).join("L")}),
      ...line.map((v, i) => make("circle", {class: kind, cx: px(i), cy: py(v), r: i === here && !judged ? 7 : 4, "fill-opacity": set[i] ? 1 : 0})));
    line(values, "wm-said");
    if (judged) line(bet.answer, "wm-was");
    below.textContent = judged ? "Dashed: your curve. Solid: what came out."
      : `${bet.names[here]}: ${set[here] ? bet.texts[bet.stops.indexOf(values[here])] : "no guess yet"}`;
    if (!judged) {
      plot.setAttribute("aria-valuetext", below.textContent);
      plot.setAttribute("aria-valuenow", bet.stops.indexOf(values[here]));
    }
  }
  draw();
  place.append(plot, below);
  if (judged) return [];
  function go(i, stop) {
    here = Math.max(0, Math.min(places, i));
    if (stop !== undefined) {
      values[here] = bet.stops[Math.max(0, Math.min(last, stop))];
      set[here] = true;
    }
    draw();
  }
  plot.setAttribute("tabindex", 0);
  plot.setAttribute("aria-valuemin", 0);
  plot.setAttribute("aria-valuemax", last);
  plot.onkeydown = (event) => {
    const up = {ArrowUp: 1, ArrowDown: -1}[event.key], side = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (!up && !side) return;
    event.preventDefault();
    go(here + (side || 0), up && bet.stops.indexOf(values[here]) + up);
  };
  plot.onpointerdown = plot.onpointermove = (event) => {
    if (!(event.buttons & 1)) return;
    plot.setPointerCapture(event.pointerId);
    const box = plot.getBoundingClientRect(), unit = W / box.width;
    const x = (event.clientX - box.left) * unit, y = (event.clientY - box.top) * unit;
    const i = Math.max(0, Math.min(places, Math.round((x - M) / (W - 2 * M) * places)));
    const stop = Math.round((H - 26 - y) / (H - 52) * last);
    if (event.type === "pointermove") while (Math.abs(i - here) > 1) go(here + Math.sign(i - here), stop);  // a quick stroke leaves none out
    go(i, stop);
  };
  return [() => set.every(Boolean) ? values : null, "Give every place a value first: the hollow ones have none yet."];
};
