// Says that an answer takes its time or that there is no connection; keeps the question and sends it when there is one.
(() => {
  "use strict";

  const composer = document.getElementById("composer");
  const field = document.getElementById("question");
  const banner = document.getElementById("offline");
  const waiting = document.getElementById("waiting");
  const cancel = banner.querySelector("button");
  const SLOW = 400;
  const FIRST_PROBE = 1000;
  const LAST_PROBE = 30000;
  const LONGEST_WAIT = 60;

  let slow = 0;
  let probe = 0;
  let pause = FIRST_PROBE;
  let queued = false;

  const show = (element, shown) => {
    if (element.hidden === shown) element.hidden = !shown;
  };

  const isOpen = () => !banner.hidden;

  const back = () => {
    clearTimeout(probe);
    show(banner, false);
    if (queued && field.value.trim()) {
      queued = false;
      composer.requestSubmit();
    }
    queued = false;
  };

  const look = async () => {
    try {
      const response = await fetch(banner.dataset.probe, { cache: "no-store" });
      if (response.ok) {
        back();
        return;
      }
    } catch {
      // Still away.
    }
    lookLater();
  };

  // Each time a little later, until a question was answered; not everybody who was cut off at the same moment.
  const lookLater = (least = 0) => {
    clearTimeout(probe);
    probe = setTimeout(look, Math.max(pause * (0.75 + Math.random() / 2), 1000 * Math.min(least, LONGEST_WAIT)));
    pause = Math.min(pause * 2, LAST_PROBE);
  };

  const away = (wait = 0) => {
    show(banner, true);
    banner.classList.toggle("queued", queued);
    lookLater(wait);
  };

  // A question that could not be sent waits where it was typed; sent again it has the same id, so it is kept once.
  // One that was chosen from a list is written there to wait, unless something else is being written.
  const keep = (request) => {
    const { question, turn } = Object.fromEntries(request?.body ?? []);
    if (request?.form !== composer) {
      if (!question || field.value.trim()) return;
      field.value = question;
      if (turn) composer.elements.turn.value = turn;
    }
    queued = true;
  };

  document.addEventListener("htmx:error", (event) => {
    keep(event.detail.ctx?.request);
    away();
  });
  document.addEventListener("newsstand:away", (event) => {
    keep(event.detail.ctx.request);
    away(event.detail.wait);
  });
  addEventListener("offline", () => away());
  addEventListener("online", () => isOpen() && look());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && isOpen() && look());

  cancel.addEventListener("click", () => {
    queued = false;
    banner.classList.remove("queued");
    field.focus();
  });

  document.addEventListener("newsstand:forget", () => {
    queued = false;
    clearTimeout(slow);
    show(waiting, false);
    banner.classList.remove("queued");
  });

  document.addEventListener("htmx:before:request", (event) => {
    if (event.detail.ctx?.request?.method?.toUpperCase() !== "POST") return;
    clearTimeout(slow);
    slow = setTimeout(() => show(waiting, true), SLOW);
  });
  document.addEventListener("htmx:after:swap", () => {
    pause = FIRST_PROBE;
    queued = false;
  });
  document.addEventListener("htmx:finally:request", () => {
    clearTimeout(slow);
    show(waiting, false);
  });
})();
