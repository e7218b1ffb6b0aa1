// Sliders over stored pictures: all of them are packed in the page, one is shown.
(function () {
  function start(figure) {
    var stage = figure.querySelector('.wm-stage'), box = figure.querySelector('.wm-controls');
    var controls = [].slice.call(box.querySelectorAll('input,select'));
    var text = atob(figure.querySelector('.wm-data').textContent);
    var bytes = new Uint8Array(text.length);
    for (var i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    var at = function (e) { return e.tagName === 'SELECT' ? e.selectedIndex : +e.value; };
    var size = function (e) { return e.tagName === 'SELECT' ? e.options.length : +e.max + 1; };

    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    new Response(stream).json().then(function (pictures) {
      function draw() {
        var k = 0;
        controls.forEach(function (e) {
          k = k * size(e) + at(e);
          if (!e.dataset.texts) return;
          var words = e.dataset.texts.split('|')[at(e)];
          e.setAttribute('aria-valuetext', words);
          e.parentNode.querySelector('output').textContent = words;
        });
        stage.innerHTML = pictures[k];
      }
      controls.forEach(function (e) { e.addEventListener('input', draw); });
      box.hidden = false;
      draw();
    });
  }
  document.querySelectorAll('[data-wm-explore="NAME"]:not([data-on])').forEach(function (figure) {
    figure.dataset.on = 1;
    if (window.DecompressionStream) start(figure);
  });
})();
