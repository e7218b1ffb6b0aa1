// Sliders over stored pictures, one of which is shown: all of them are packed in the page, or in a script
// that `data-from` names, which is fetched when the figure comes near.
(function () {
  function start(figure) {
    var stage = figure.querySelector('.wm-stage'), box = figure.querySelector('.wm-controls');
    var text = atob(figure.querySelector('.wm-data').textContent);
    var bytes = new Uint8Array(text.length);
    for (var i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);

    // a slider over the values by size, beginning at the one that was given first, or a choice
    function control(c) {
      var label = document.createElement('label'), said = document.createElement('output');
      var input = document.createElement(c.slider ? 'input' : 'select');
      var order = c.texts.map(function (_, i) { return i; });
      if (c.slider) order.sort(function (a, b) { return c.texts[a] - c.texts[b]; });
      label.className = 'wm-slide';
      label.appendChild(document.createElement('span')).textContent = c.name;
      label.appendChild(input);
      input.setAttribute('aria-label', c.name);
      if (c.slider) {
        input.type = 'range';
        input.min = 0;
        input.max = c.texts.length - 1;
        input.value = order.indexOf(0);
        label.appendChild(said);
      } else c.texts.forEach(function (text) { input.add(new Option(text)); });
      box.appendChild(label);
      return {
        input: input, size: c.texts.length,
        at: function () {
          if (!c.slider) return input.selectedIndex;
          said.textContent = c.texts[order[input.value]];
          input.setAttribute('aria-valuetext', said.textContent);
          return order[input.value];
        }
      };
    }
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    new Response(stream).json().then(function (stored) {
      var controls = stored.controls.map(control);
      function draw() {
        var k = controls.reduce(function (sum, c) { return sum * c.size + c.at(); }, 0);
        stage.innerHTML = stored.pictures[k];
      }
      controls.forEach(function (c) { c.input.addEventListener('input', draw); });
      draw();
    });
  }
  function fetched(figure) {
    var from = figure.querySelector('.wm-data').dataset.from;
    if (!from) return start(figure);
    var script = document.createElement('script');
    script.src = from;
    script.onload = function () { start(figure); };
    document.head.appendChild(script);
  }
  document.querySelectorAll('[data-wm-explore="NAME"]:not([data-on])').forEach(function (figure) {
    figure.dataset.on = 1;
    if (!window.DecompressionStream) return;
    new IntersectionObserver(function (entries, near) {
      if (!entries[entries.length - 1].isIntersecting) return;
      near.disconnect();
      fetched(figure);
    }, { rootMargin: '900px' }).observe(figure);
  });
})();
