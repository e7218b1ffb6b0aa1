// Today's challenge: the latest of the plan that is out. A reader may begin on another day; the
// distance between challenges stays as the course has it.
(function () {
  "use strict";
  var plan = JSON.parse(document.getElementById("wm-plan").textContent);
  var card = document.getElementById("wm-today");
  var input = document.getElementById("wm-today-start");
  var reset = document.getElementById("wm-today-reset");
  var KEY = "wm-today-start", DAY = 86400000;

  function utc(text) { return Date.parse(text + "T00:00:00Z"); }
  function stored() { try { return localStorage.getItem(KEY); } catch (e) { return null; } }
  function store(value) {
    try { if (value) localStorage.setItem(KEY, value); else localStorage.removeItem(KEY); } catch (e) { /* off */ }
  }
  function text(tag, words, className) {
    var made = document.createElement(tag);
    made.textContent = words;
    if (className) made.className = className;
    return made;
  }
  function today() {
    var asked = new URLSearchParams(location.search).get("on"); // to look at another day
    if (asked && !isNaN(utc(asked))) return utc(asked);
    var now = new Date();
    return Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  }
  function shown(time) {
    return new Date(time).toLocaleDateString("en", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  }
  function draw() {
    var own = stored(), shift = 0;
    if (own && !isNaN(utc(own))) shift = utc(own) - utc(plan[0].date);
    input.value = new Date(utc(plan[0].date) + shift).toISOString().slice(0, 10);
    reset.hidden = !own;
    var out = plan.filter(function (d) { return utc(d.date) + shift <= today(); });
    var one = out.length ? out[out.length - 1] : plan[0];
    var when = utc(one.date) + shift;
    card.replaceChildren();
    var said = out.length === 0 ? "The first is out on " + shown(when)
      : when === today() ? shown(when)
      : out.length === plan.length ? "All thirty are out. The last, of " + shown(when)
      : "Since " + shown(when);
    card.append(text("p", said, "wm-today-when"));
    var head = text("p", "", "wm-today-title"), link = text("a", "Day " + one.day + " · " + one.title);
    link.href = one.page;
    head.append(link);
    card.append(head, text("p", one.minutes + " minutes, " + one.points + " points, with chapter " + one.chapter, "wm-today-about"));
    var nav = text("p", "", "wm-today-nav"), at = plan.indexOf(one);
    [[at - 1, "Before it: "], [at + 1, "Next: "]].forEach(function (pair) {
      var other = plan[pair[0]];
      if (!other) return;
      var a = text("a", pair[1] + other.title);
      a.href = other.page;
      nav.append(a);
    });
    card.append(nav);
  }
  input.addEventListener("change", function () { store(input.value); draw(); });
  reset.addEventListener("click", function () { store(null); draw(); });
  draw();
})();
