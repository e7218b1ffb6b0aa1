// Two worlds, one driver: the real physics and a learned network, given the same actions.
(function () {
  // ---------------------------------------------------------------- the learned model
  function network(m) {
    var layers = m.layers.map(function (l) {
      var text = atob(l.weights), bytes = new Uint8Array(text.length);
      for (var i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
      return { n: l.in, m: l.out, w: new Float32Array(bytes.buffer) };
    });
    // one step: observation and action (one-hot or as it is) to the next observation
    return function (obs, act) {
      var x = m.inputs.map(function (i) { return obs[i]; }).concat(act);
      x = x.map(function (v, i) { return (v - m.in_mean[i]) / m.in_std[i]; });
      layers.forEach(function (l, k) {
        var y = [];
        for (var o = 0; o < l.m; o++) {
          var sum = l.w[l.n * l.m + o];
          for (var i = 0; i < l.n; i++) sum += l.w[o * l.n + i] * x[i];
          y.push(k < layers.length - 1 ? sum / (1 + Math.exp(-sum)) : sum);
        }
        x = y;
      });
      return obs.map(function (v, i) {
        var out = x[i] * m.out_std[i] + m.out_mean[i] + (m.change ? v : 0);
        return Math.min(m.high[i], Math.max(m.low[i], out));
      });
    };
  }

  // ---------------------------------------------------------------- the real worlds
  var DEGREES = 180 / Math.PI;
  var WORLDS = {
    cartpole: {
      size: [358, 158], dt: 0.02, keys: 'Push with ← and →', most: 0.42,
      begin: function () {
        return [0, 0, 0, 0].map(function () { return Math.random() * 0.1 - 0.05; });
      },
      // the equations of gymnasium's CartPole-v1
      step: function (s, a) {
        var force = a === 1 ? 10 : -10, cos = Math.cos(s[2]), sin = Math.sin(s[2]);
        var push = (force + 0.05 * s[3] * s[3] * sin) / 1.1;
        var angleAcc = (9.8 * sin - cos * push) / (0.5 * (4 / 3 - 0.1 * cos * cos / 1.1));
        var acc = push - 0.05 * angleAcc * cos / 1.1;
        return [s[0] + 0.02 * s[1], s[1] + 0.02 * acc, s[2] + 0.02 * s[3], s[3] + 0.02 * angleAcc];
      },
      obs: function (s) { return s; },
      code: function (a) { return a === 1 ? [0, 1] : [1, 0]; },
      // no key: left and right in turn, which pushes nowhere
      action: function (key, t) { return key ? (key > 0 ? 1 : 0) : t % 2; },
      pilot: function (s) { return s[2] + 0.25 * s[3] + 0.05 * s[0] + 0.1 * s[1] > 0 ? 1 : 0; },
      over: function (o) {
        if (Math.abs(o[2]) > 12 * Math.PI / 180) return 'fell';
        return Math.abs(o[0]) > 2.4 ? 'left the track' : '';
      },
      angle: function (o) { return o[2]; },
      draw: function (c, o, color, a) {
        var k = c.w / 5.6, X = function (x) { return c.w / 2 + k * x; };
        var Y = function (y) { return c.h - k * (y + 0.62); };
        var x = Math.max(-4, Math.min(4, o[0])), g = c.pen;
        g.strokeStyle = c.grey; g.lineWidth = 1.2;
        line(g, [[X(-2.4), Y(-0.2)], [X(2.4), Y(-0.2)]]);
        line(g, [[X(-2.4), Y(-0.27)], [X(-2.4), Y(-0.13)]]);
        line(g, [[X(2.4), Y(-0.27)], [X(2.4), Y(-0.13)]]);
        g.fillStyle = color; g.globalAlpha = 0.38;
        box(g, X(x - 0.26), Y(0.1), k * 0.52, k * 0.26, 3); g.fill();
        g.globalAlpha = 1;
        disc(g, X(x - 0.15), Y(-0.16), k * 0.05); disc(g, X(x + 0.15), Y(-0.16), k * 0.05);
        g.strokeStyle = color; g.lineWidth = 6; g.lineCap = 'round';
        line(g, [[X(x), Y(0)], [X(x + Math.sin(o[2])), Y(Math.cos(o[2]))]]);
        g.fillStyle = '#fff'; disc(g, X(x), Y(0), 2);
        if (a === null) return;
        var side = a === 1 ? 1 : -1, from = X(x + side * 0.36), to = X(x + side * 0.62);
        g.fillStyle = color; g.lineWidth = 2.2; line(g, [[from, Y(0)], [to, Y(0)]]);
        g.beginPath(); g.moveTo(to + side * 7, Y(0)); g.lineTo(to, Y(0) - 4);
        g.lineTo(to, Y(0) + 4); g.fill();
      }
    },
    pendulum: {
      size: [220, 220], dt: 0.05, keys: 'Turn with ← and →', most: Math.PI,
      begin: function () { return [Math.PI + Math.random() * 0.4 - 0.2, 0]; },
      // the equations of gymnasium's Pendulum-v1
      step: function (s, a) {
        var v = s[1] + (15 * Math.sin(s[0]) + 3 * a) * 0.05;
        v = Math.max(-8, Math.min(8, v));
        return [s[0] + 0.05 * v, v];
      },
      obs: function (s) { return [Math.cos(s[0]), Math.sin(s[0]), s[1]]; },
      code: function (a) { return [a]; },
      action: function (key) { return -2 * (key || 0); },
      // pump energy until it is as high as at the top, then hold
      pilot: function (s) {
        var a = Math.atan2(Math.sin(s[0]), Math.cos(s[0]));
        if (Math.abs(a) < 0.35) return Math.max(-2, Math.min(2, -8 * a - 2.5 * s[1]));
        var missing = 15 - (s[1] * s[1] / 2 + 15 * Math.cos(a));
        return missing * s[1] >= 0 ? 2 : -2;
      },
      over: function () { return ''; },
      angle: function (o) { return Math.atan2(o[1], o[0]); },
      draw: function (c, o, color, a) {
        var g = c.pen, r = c.w / 2.7, x = c.w / 2, y = c.h / 2, size = Math.hypot(o[0], o[1]) || 1;
        var tx = x - r * o[1] / size, ty = y - r * o[0] / size;
        g.strokeStyle = c.grey; g.lineWidth = 1; g.globalAlpha = 0.4;
        g.beginPath(); g.arc(x, y, r, 0, 7); g.stroke(); g.globalAlpha = 1;
        line(g, [[x, y - r * 1.06], [x, y - r * 1.14]]);
        g.strokeStyle = g.fillStyle = color; g.lineWidth = 8; g.lineCap = 'round';
        line(g, [[x, y], [tx, ty]]); disc(g, tx, ty, r * 0.1);
        if (a) {
          var end = Math.PI / 2 - a / 2 * 1.2, s = a > 0 ? 1 : -1;
          g.lineWidth = 2; g.beginPath(); g.arc(x, y, r * 0.3, Math.PI / 2, end, a > 0); g.stroke();
          var ex = x + r * 0.3 * Math.cos(end), ey = y + r * 0.3 * Math.sin(end);
          disc(g, ex + 2 * s * Math.sin(end), ey - 2 * s * Math.cos(end), 4);
        }
        g.fillStyle = '#fff'; disc(g, x, y, 3);
      }
    }
  };

  function line(g, points) {
    g.beginPath();
    points.forEach(function (p, i) { if (i) g.lineTo(p[0], p[1]); else g.moveTo(p[0], p[1]); });
    g.stroke();
  }
  function disc(g, x, y, r) { g.beginPath(); g.arc(x, y, r, 0, 7); g.fill(); }
  function box(g, x, y, w, h, r) {
    g.beginPath();
    g.moveTo(x + r, y); g.arcTo(x + w, y, x + w, y + h, r); g.arcTo(x + w, y + h, x, y + h, r);
    g.arcTo(x, y + h, x, y, r); g.arcTo(x, y, x + w, y, r); g.closePath();
  }

  // ---------------------------------------------------------------- the player
  function start(figure) {
    var find = function (s) { return figure.querySelector(s); };
    var data = JSON.parse(find('.wm-data').textContent), world = WORLDS[data.world];
    var imagine = network(data.model), root = find('.wm-drive'), panel = find('.wm-controls');
    var news = find('.wm-news'), keys = {}, speed = 0.25, driver = 'you', running = false, due = 0;
    var real, dream, t, action, trace, ends, saw;

    figure.querySelectorAll('[data-says]').forEach(function (box) {
      var node = box.appendChild(document.createElement('canvas')), size = world.size;
      node.setAttribute('role', 'img');
      node.setAttribute('aria-label', box.dataset.says);
      if (box.className === 'wm-trace') return;
      node.style.width = size[0] + 'px';
      node.style.aspectRatio = size[0] + '/' + size[1];
    });

    // the model's own answers, computed here again
    var check = data.model.check, worst = 0;
    check.obs.forEach(function (obs, i) {
      var a = check.act[i], code = Array.isArray(a) ? a : world.code(a);
      imagine(obs, code).forEach(function (v, j) {
        worst = Math.max(worst, Math.abs(v - check.next[i][j]));
      });
    });
    figure.dataset.check = worst;
    figure.wmPlayer = { step: world.step, imagine: imagine, code: world.code, obs: world.obs };

    function reset(words) {
      real = world.begin();
      dream = world.obs(real);
      t = 0; action = null; trace = []; ends = {}; saw = 0; running = false;
      news.textContent = words;
      mark();
      draw();
    }
    function look() {
      dream = world.obs(real);
      delete ends.imagined;
      saw = t;
      draw();
    }
    function advance() {
      var key = (keys.right ? 1 : 0) - (keys.left ? 1 : 0);
      action = key || driver === 'you' ? world.action(key, t) : world.pilot(real);
      real = world.step(real, action);
      if (!ends.imagined) dream = imagine(dream, world.code(action));
      t += 1;
      // real angle, imagined angle, whether the model had just looked
      var believed = ends.imagined ? null : world.angle(dream);
      trace.push([world.angle(world.obs(real)), believed, t === saw + 1]);
      if (trace.length > 200) trace.shift();
      judge('imagined', dream);
      judge('real', world.obs(real));
    }
    function judge(which, obs) {
      var how = world.over(obs);
      if (!how || ends[which]) return;
      ends[which] = t;
      if (which === 'imagined') ends.how = how;
      if (which !== 'real') return;
      set(false);
      var tail = ends.imagined === undefined ? 'the model believes it is still up.'
        : ends.imagined === t ? 'so it did in imagination.'
          : 'in imagination it had ended at step ' + ends.imagined + '.';
      news.textContent = 'Reality ' + how + ' at step ' + t + '; ' + tail;
    }
    function report() {
      if (ends.imagined) {
        news.textContent = 'Step ' + t + ': in imagination it ' + ends.how + ' at step '
          + ends.imagined + '. Reality goes on.';
        return;
      }
      var gap = world.angle(dream) - world.angle(world.obs(real));
      gap = Math.abs(Math.atan2(Math.sin(gap), Math.cos(gap))) * DEGREES;
      news.textContent = 'Step ' + t + ', ' + (t - saw) + ' since the model last looked: it is '
        + gap.toFixed(1) + '°' + ' off.';
    }

    // ------------------------------------------------------------ drawing
    function canvas(node) {
      var ratio = Math.min(2, window.devicePixelRatio || 1), style = getComputedStyle(figure);
      var w = node.clientWidth || 1, h = node.clientHeight || 1;
      if (node.width !== Math.round(w * ratio)) {
        node.width = Math.round(w * ratio);
        node.height = Math.round(h * ratio);
      }
      var pen = node.getContext('2d');
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, w, h);
      var colour = function (name, other) { return style.getPropertyValue(name).trim() || other; };
      return {
        pen: pen, w: w, h: h, ink: style.color, real: colour('--wm-real', '#0072B2'),
        imagined: colour('--wm-imagined', '#D55E00'), grey: colour('--wm-grey', '#6B7280')
      };
    }
    function scene(role, obs) {
      var c = canvas(find('.wm-drive-' + role + ' canvas')), g = c.pen, color = c[role];
      box(g, 1, 1, c.w - 2, c.h - 2, 9);
      g.fillStyle = color; g.globalAlpha = 0.06; g.fill();
      g.globalAlpha = role === 'real' ? 0.5 : 0.9; g.strokeStyle = color; g.lineWidth = 1.3;
      g.setLineDash(role === 'real' ? [] : [6, 4]); g.stroke(); g.setLineDash([]);
      g.globalAlpha = 1; g.fillStyle = color;
      g.font = '600 12px Inter, system-ui, sans-serif'; g.textBaseline = 'top';
      g.fillText(role, 11, 9);
      if (ends[role]) {
        g.textAlign = 'right'; g.fillText('over at step ' + ends[role], c.w - 11, 9);
        g.textAlign = 'left';
      }
      world.draw(c, obs, color, running ? action : null);
    }
    function strip() {
      var c = canvas(find('.wm-trace canvas')), g = c.pen, top = 0.1;
      trace.forEach(function (p) { top = Math.max(top, Math.abs(p[0]), Math.abs(p[1])); });
      top = Math.min(top, world.most);
      var X = function (i) { return 1 + i * (c.w - 2) / 200; };
      var Y = function (v) {
        return c.h / 2 - Math.max(-top, Math.min(top, v)) / top * (c.h / 2 - 8);
      };
      g.strokeStyle = c.ink; g.globalAlpha = 0.18; g.lineWidth = 1;
      line(g, [[0, Y(0)], [c.w, Y(0)]]);
      g.globalAlpha = 1; g.lineWidth = 2; g.lineJoin = 'round';
      ['real', 'imagined'].forEach(function (role, k) {
        g.strokeStyle = c[role]; g.setLineDash(k ? [5, 3] : []);
        g.beginPath();
        trace.forEach(function (p, i) {
          if (p[k] === null) return;
          var on = i && !(k && p[2]) && Math.abs(p[k] - trace[i - 1][k]) < 3;
          if (on) g.lineTo(X(i), Y(p[k])); else g.moveTo(X(i), Y(p[k]));
        });
        g.stroke();
      });
      g.setLineDash([]); g.fillStyle = c.ink; g.globalAlpha = 0.65; g.textBaseline = 'top';
      g.font = '500 11px Inter, system-ui, sans-serif';
      g.fillText('angle, ±' + (top * DEGREES).toFixed(0) + '°', 2, 1);
      g.globalAlpha = 1;
    }
    function draw() {
      scene('real', world.obs(real));
      scene('imagined', dream);
      strip();
    }

    // ------------------------------------------------------------ time and controls
    function frame(now) {
      if (!running) return;
      var period = world.dt * 1000 / speed;
      if (now - due > 4 * period) due = now - period;
      var stepped = false;
      while (running && now - due >= period) { due += period; advance(); stepped = true; }
      if (stepped) { draw(); if (running) report(); }
      if (running) requestAnimationFrame(frame);
    }
    function set(on) {
      if (on && ends.real) reset('');
      if (on && !running) { due = performance.now(); requestAnimationFrame(frame); }
      running = on;
      mark();
    }
    function button(words, label, act) {
      var b = document.createElement('button');
      b.type = 'button'; b.innerHTML = words; b.setAttribute('aria-label', label);
      if (act) b.onclick = act;
      panel.appendChild(b);
      return b;
    }
    function choice(label, options, act) {
      var s = document.createElement('select');
      s.setAttribute('aria-label', label);
      options.forEach(function (o) { s.add(new Option(o[0], o[1])); });
      s.onchange = function () { act(s.value); };
      panel.appendChild(s);
      return s;
    }
    function pusher(side, sign) {
      var b = button(sign, 'push ' + side);
      b.className = 'wm-push';
      var down = function (e) {
        e.preventDefault();
        keys[side] = true;
        if (!running) set(true);
      };
      var up = function () { keys[side] = false; };
      b.onpointerdown = down;
      b.onpointerup = b.onpointerleave = b.onpointercancel = up;
      b.onkeydown = function (e) {
        if (e.key !== 'Enter' && e.key !== ' ') return;
        e.stopPropagation();
        down(e);
      };
      b.onkeyup = up;
    }
    var hint = world.keys + ' or the two buttons: the same pushes go to both worlds.';
    pusher('left', '←');
    pusher('right', '→');
    var go = button('start', 'start or pause', function () { set(!running); });
    function mark() { if (go) go.textContent = running ? 'pause' : ends.real ? 'again' : 'start'; }
    button('new start', 'begin anew', function () { reset(hint); });
    button('let the model look', 'set the imagined state to the real one', look);
    choice('who drives', [['you drive', 'you'], ['a simple rule drives', 'rule']],
      function (v) { driver = v; });
    choice('speed', [['quarter speed', 0.25], ['half speed', 0.5], ['real time', 1]],
      function (v) { speed = +v; });
    root.addEventListener('keydown', function (e) {
      if (/^(SELECT|BUTTON)$/.test(e.target.tagName) && !/^Arrow(Left|Right)$/.test(e.key)) return;
      if (e.target.tagName === 'SELECT') return;
      var side = { ArrowLeft: 'left', ArrowRight: 'right' }[e.key];
      if (side) keys[side] = true;
      else if (e.key !== ' ') return;
      e.preventDefault();
      e.stopPropagation();
      if (side ? !running && !ends.real : !e.repeat) set(side ? true : !running);
    });
    root.addEventListener('keyup', function (e) {
      var side = { ArrowLeft: 'left', ArrowRight: 'right' }[e.key];
      if (side) { keys[side] = false; e.stopPropagation(); }
    });
    root.addEventListener('focusout', function (e) {
      if (!root.contains(e.relatedTarget)) keys = {};
    });
    if (window.IntersectionObserver) {
      new IntersectionObserver(function (seen) {
        if (!seen[seen.length - 1].isIntersecting && running) set(false);
      }).observe(figure);
    }
    if (window.ResizeObserver) new ResizeObserver(draw).observe(root);
    // the page went dark or light
    [document.documentElement, document.body].forEach(function (node) {
      new MutationObserver(draw).observe(node, { attributes: true });
    });
    reset(hint);
  }
  document.querySelectorAll('[data-wm-drive="NAME"]:not([data-on])').forEach(function (figure) {
    figure.dataset.on = 1;
    start(figure);
  });
})();
