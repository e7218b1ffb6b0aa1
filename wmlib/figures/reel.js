// A film on canvases: every element of this name that is not running yet is brought to life when it comes near.
(function () {
  function start(figure) {
    var find = function (s) { return figure.querySelector(s); };
    var film = JSON.parse(find('.wm-data').textContent);
    var panel = find('.wm-controls');
    panel.style.visibility = 'hidden'; // it keeps its place until there is something to play
    panel.innerHTML = '<button type="button" aria-label="play"></button>'
      + '<button type="button" aria-label="one frame back"></button>'
      + '<button type="button" aria-label="one frame on"></button>'
      + '<input type="range" min="0" max="' + (film.n - 1) + '" value="0" aria-label="frame">'
      + '<output class="wm-says" aria-live="off"></output>';
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
        panel.style.visibility = '';
        fit();
        show(0);
        consider();
      };
      sheet.src = box.dataset.sheet;
      return { canvas: canvas, poster: poster, sheet: sheet, columns: +box.dataset.columns };
    });

    // Enlarged up to 320 pixels a film, 2.4 times at most, and no taller than the window with the controls.
    // Of all numbers of columns the one that makes them largest; a row is kept unless much is won.
    function fit() {
      var w = screens[0].canvas.width, h = screens[0].canvas.height, n = screens.length, best = 0;
      var across = figure.clientWidth, down = Math.max(240, innerHeight - 70 - panel.offsetHeight), gap = 20;
      if (!across) return;
      for (var columns = n; columns > 0; columns--) {
        if (n === 4 && columns === 3) continue;
        var rows = Math.ceil(n / columns), tall = (down - gap * (rows - 1)) / rows;
        var wide = Math.min((across - gap * (columns - 1)) / columns, Math.max(w, Math.min(320, 2.4 * w)), tall * w / h);
        var all = columns * (wide + gap) - gap;
        if (wide > 1.25 * best && (all >= 300 || !best)) best = wide;
      }
      screens.forEach(function (s) {
        s.canvas.style.width = s.poster.style.width = Math.floor(best) + 'px';
      });
    }
    function draw(canvas, s, k) {
      var w = canvas.width, h = canvas.height, pen = canvas.getContext('2d');
      pen.clearRect(0, 0, w, h);
      pen.drawImage(s.sheet, (k % s.columns) * w, ((k / s.columns) | 0) * h, w, h, 0, 0, w, h);
    }
    function show(k) {
      at = k;
      screens.forEach(function (s) { draw(s.canvas, s, k); });
      bar.value = k;
      says.textContent = film.labels ? film.labels[k] : (k + 1) + ' / ' + film.n;
      bar.setAttribute('aria-valuetext', 'frame ' + (k + 1) + ' of ' + film.n
        + (film.labels ? ': ' + film.labels[k] : ''));
    }
    function set(on) {
      var starts = on && !running;
      running = on;
      play.innerHTML = on ? HOLD : PLAY;
      play.setAttribute('aria-label', on ? 'pause' : 'play');
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
    addEventListener('resize', fit);
    fit();
    // On paper a film is a strip: six of its frames beside each other.
    addEventListener('beforeprint', function () {
      if (loaded < screens.length || figure.querySelector('.wm-strip')) return;
      screens.forEach(function (s) {
        var strip = s.canvas.parentNode.appendChild(document.createElement('div'));
        strip.className = 'wm-strip';
        strip.setAttribute('aria-hidden', 'true');
        for (var i = 0; i < Math.min(6, film.n); i++) {
          var frame = strip.appendChild(document.createElement('canvas'));
          frame.width = s.canvas.width;
          frame.height = s.canvas.height;
          draw(frame, s, Math.round(i * (film.n - 1) / Math.max(1, Math.min(6, film.n) - 1)));
        }
      });
    });
    if (window.IntersectionObserver) {
      new IntersectionObserver(function (entries) {
        inView = entries[entries.length - 1].isIntersecting;
        consider();
      }, { threshold: 0.4 }).observe(figure);
    }
  }
  var near = window.IntersectionObserver && new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (!entry.isIntersecting) return;
      near.unobserve(entry.target);
      start(entry.target);
    });
  }, { rootMargin: '900px' });
  document.querySelectorAll('[data-wm-reel="NAME"]:not([data-on])').forEach(function (figure) {
    figure.dataset.on = 1;
    if (near) near.observe(figure); else start(figure);
  });
})();
