// A film on canvases: every element of this name that is not running yet is brought to life.
(function () {
  function start(figure) {
    var find = function (s) { return figure.querySelector(s); };
    var film = JSON.parse(find('.wm-data').textContent);
    var panel = find('.wm-controls');
    panel.hidden = true;
    panel.innerHTML = '<button type="button" aria-label="play or pause"></button>'
      + '<button type="button" aria-label="one frame back"></button>'
      + '<button type="button" aria-label="one frame on"></button>'
      + '<input type="range" min="0" max="' + (film.n - 1) + '" value="0" aria-label="frame">'
      + '<output class="wm-says"></output>';
    var play = panel.children[0], back = panel.children[1], next = panel.children[2];
    var bar = panel.children[3], says = panel.children[4];
    var at = 0, running = false, touched = false, inView = false, loaded = 0, last = 0;
    var icon = function (path) {
      return '<svg viewBox="0 0 14 14" aria-hidden="true"><path d="' + path + '"/></svg>';
    };
    var PLAY = icon('M3 1l10 6-10 6z'), HOLD = icon('M2 1h4v12H2zM8 1h4v12H8z');
    play.innerHTML = PLAY;
    back.innerHTML = icon('M2 1h2v12H2zM13 1v12L5 7z');
    next.innerHTML = icon('M10 1h2v12h-2zM1 1l8 6-8 6z');

    var screens = [].map.call(figure.querySelectorAll('.wm-screen'), function (box) {
      var poster = box.querySelector('img'), sheet = new Image();
      var canvas = document.createElement('canvas');
      canvas.width = +poster.getAttribute('width');
      canvas.height = +poster.getAttribute('height');
      canvas.className = poster.className;
      canvas.setAttribute('role', 'img');
      canvas.setAttribute('aria-label', poster.alt);
      sheet.onload = function () {
        box.replaceChild(canvas, poster);
        if (++loaded < screens.length) return;
        panel.hidden = false;
        show(0);
        consider();
      };
      setTimeout(function () { sheet.src = box.dataset.sheet; }, 0);
      return { canvas: canvas, sheet: sheet, columns: +box.dataset.columns };
    });

    function show(k) {
      at = k;
      screens.forEach(function (s) {
        var w = s.canvas.width, h = s.canvas.height, pen = s.canvas.getContext('2d');
        pen.clearRect(0, 0, w, h);
        pen.drawImage(s.sheet, (k % s.columns) * w, ((k / s.columns) | 0) * h, w, h, 0, 0, w, h);
      });
      bar.value = k;
      says.textContent = film.labels ? film.labels[k] : (k + 1) + ' / ' + film.n;
    }
    function set(on) {
      var starts = on && !running;
      running = on;
      play.innerHTML = on ? HOLD : PLAY;
      if (starts) requestAnimationFrame(tick);
    }
    function tick(now) {
      if (!running) return;
      if (!inView && !touched) { set(false); return; }
      if (now - last >= 1000 / film.fps - 4) {
        last = now;
        var k = at + 1;
        if (k >= film.n) {
          if (!film.loop) { set(false); return; }
          k = 0;
          last = now + 700;
        }
        show(k);
      }
      requestAnimationFrame(tick);
    }
    // Starts by itself in view, unless the reader took over or asked for less motion.
    function consider() {
      if (loaded < screens.length || touched) return;
      set(inView && !matchMedia('(prefers-reduced-motion: reduce)').matches);
    }
    function hold(k) {
      touched = true;
      set(false);
      show((k + film.n) % film.n);
    }
    play.onclick = function () {
      touched = true;
      if (!running && !film.loop && at === film.n - 1) show(0);
      set(!running);
    };
    back.onclick = function () { hold(at - 1); };
    next.onclick = function () { hold(at + 1); };
    bar.oninput = function () { hold(+bar.value); };
    if (window.IntersectionObserver) {
      new IntersectionObserver(function (entries) {
        inView = entries[entries.length - 1].isIntersecting;
        consider();
      }, { threshold: 0.4 }).observe(figure);
    }
  }
  document.querySelectorAll('[data-wm-reel="NAME"]:not([data-on])').forEach(function (figure) {
    figure.dataset.on = 1;
    start(figure);
  });
})();
