(function () {
  "use strict";
  var root = document.documentElement;
  var count = Number(root.dataset.steps) || 0;
  var now = count;
  var timer = 0;
  var all = function (selector) {
    return Array.prototype.slice.call(document.querySelectorAll(selector));
  };
  var byId = function (id) {
    return document.getElementById(id);
  };
  var steps = all("[data-step]").filter(function (one) {
    return one !== root;
  });
  var ends = all("[data-end]");
  var chapters = all(".chapter");
  var scrubber = byId("scrubber");
  var play = byId("play");
  var caption = byId("caption");

  function show(step, isQuiet) {
    now = Math.max(0, Math.min(count, step));
    root.dataset.step = String(now);
    steps.forEach(function (one) {
      var own = Number(one.dataset.step);
      one.classList.toggle("later", own > now);
      one.classList.toggle("now", own === now);
    });
    ends.forEach(function (one) {
      one.classList.toggle("later", now < count);
    });
    chapters.forEach(function (one) {
      var first = Number(one.dataset.first) || count;
      var last = Number(one.dataset.last) || count;
      one.classList.toggle("later", now < first || (!one.dataset.first && now < count));
      one.classList.toggle("under-way", now >= first && now < last);
    });
    scrubber.value = String(now);
    var here = byId("step-" + now);
    var words = here
      ? "Step " + now + " of " + count + ": " + here.dataset.words
      : "Nothing has happened yet. Press play, or step forward.";
    scrubber.setAttribute("aria-valuetext", words);
    byId("counter").textContent = now + " / " + count;
    if (caption.textContent !== words) {
      caption.textContent = words;
    }
    byId("first").disabled = byId("back").disabled = now === 0;
    byId("next").disabled = byId("last").disabled = now === count;
    var row = document.querySelector("svg g.step[data-step=\"" + now + "\"] .row");
    var stage = byId("stage");
    if (row && stage.scrollHeight > stage.clientHeight) {
      var place = row.getBoundingClientRect();
      var frame = stage.getBoundingClientRect();
      if (place.top < frame.top + 40 || place.bottom > frame.bottom - 40) {
        stage.scrollTop += place.top - frame.top - frame.height / 2;
      }
    }
    if (!isQuiet) {
      try {
        history.replaceState(null, "", "#step=" + now);
      } catch (error) {
        // A browser that keeps the address of a file as it is: the page works without.
      }
    }
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  }

  function start() {
    if (now === count) {
      show(0);
    }
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    timer = setInterval(function () {
      show(now + 1);
      if (now === count) {
        stop();
      }
    }, 1000);
  }

  function go(step) {
    stop();
    show(step);
  }

  function toggle() {
    if (timer) {
      stop();
    } else {
      start();
    }
  }

  function fromAddress() {
    var found = /^#step=(\d{1,7})$/.exec(location.hash);
    return found ? Number(found[1]) : count;
  }

  function copy(button) {
    var from = byId(button.dataset.copy);
    var done = function () {
      button.textContent = "Copied";
      setTimeout(function () {
        button.textContent = "Copy";
      }, 1500);
    };
    var select = function () {
      var range = document.createRange();
      range.selectNodeContents(from);
      var selection = getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      if (document.execCommand("copy")) {
        done();
      }
    };
    if (navigator.clipboard && navigator.clipboard.writeText) {
      navigator.clipboard.writeText(from.textContent).then(done, select);
    } else {
      select();
    }
  }

  root.classList.add("plays");
  all("[hidden]").forEach(function (one) {
    one.hidden = false;
  });
  byId("first").addEventListener("click", function () { go(0); });
  byId("back").addEventListener("click", function () { go(now - 1); });
  byId("next").addEventListener("click", function () { go(now + 1); });
  byId("last").addEventListener("click", function () { go(count); });
  play.addEventListener("click", toggle);
  scrubber.addEventListener("input", function () { go(Number(scrubber.value)); });
  addEventListener("hashchange", function () { stop(); show(fromAddress(), true); });
  all("svg g.step").forEach(function (one) {
    one.addEventListener("click", function () { go(Number(one.dataset.step)); });
  });
  chapters.forEach(function (one) {
    if (one.dataset.first) {
      one.addEventListener("click", function () { go(Number(one.dataset.first)); });
    }
  });
  all(".copy").forEach(function (one) {
    one.addEventListener("click", function () { copy(one); });
  });
  addEventListener("keydown", function (event) {
    var on = event.target && event.target.tagName;
    if (event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    if (event.key === " " && on !== "BUTTON" && on !== "SUMMARY" && on !== "A") {
      event.preventDefault();
      toggle();
    } else if (event.key === "ArrowRight" && on !== "INPUT") {
      go(now + 1);
    } else if (event.key === "ArrowLeft" && on !== "INPUT") {
      go(now - 1);
    } else if (event.key === "Home" && on !== "INPUT") {
      event.preventDefault();
      go(0);
    } else if (event.key === "End" && on !== "INPUT") {
      event.preventDefault();
      go(count);
    }
  });
  var shut = [];
  addEventListener("beforeprint", function () {
    shut = all("details:not([open])");
    shut.forEach(function (one) { one.open = true; });
  });
  addEventListener("afterprint", function () {
    shut.forEach(function (one) { one.open = false; });
    shut = [];
  });
  show(fromAddress(), true);
})();
