(function () {
  // A page may hold the same output twice: each copy counts for itself.
  document.querySelectorAll('[data-wm-quiz="NAME"]:not([data-live])').forEach(function (quiz) {
    quiz.dataset.live = "yes";
    var score = quiz.querySelector(".wm-score");
    var questions = Array.from(quiz.querySelectorAll(".wm-question"));
    quiz.addEventListener("toggle", function (event) {
      var option = event.target;
      if (!option.open) return;
      var question = option.closest(".wm-question");
      if (!question.dataset.first) {
        question.dataset.first = option.classList.contains("wm-right") ? "right" : "wrong";
      }
      var done = questions.filter(function (q) { return q.dataset.first; });
      var right = done.filter(function (q) { return q.dataset.first === "right"; });
      score.textContent = "· " + right.length + " of " + done.length + " right at the first try" +
        (done.length < questions.length ? ", " + (questions.length - done.length) + " to go" : "");
    }, true);
  });
})();
