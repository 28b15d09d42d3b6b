// The chat without page loads. Everything here is an addition: without it the forms load the page anew.
(() => {
  "use strict";

  const composer = document.getElementById("composer");
  const field = document.getElementById("question");
  const error = document.getElementById("ask-error");
  const status = document.getElementById("status");
  const log = document.getElementById("log");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const pointer = matchMedia("(hover: hover) and (pointer: fine)");
  // The page's own keyboard would cover what was answered.
  const ON_SCREEN_KEYBOARD = field.inputMode === "none";
  const UNREACHABLE = error.dataset.unreachable;
  const PASSING = [429, 502, 503, 504];

  // One id a question: sent again after a lost connection, it brings the same answer and is stored once.
  const newTurn = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    composer.elements.turn.value = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const show = (turn, behavior) => turn.scrollIntoView({ block: "start", behavior });

  const complain = (message) => {
    const line = document.createElement("p");
    line.textContent = message;
    error.replaceChildren(line);
  };

  const clearError = () => {
    error.replaceChildren();
    field.removeAttribute("aria-invalid");
  };

  field.addEventListener("keydown", (event) => {
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && !composing) {
      event.preventDefault();
      if (!event.repeat) composer.requestSubmit();
    }
  });
  field.addEventListener("input", () => {
    if (error.firstChild) clearError();
  });

  document.addEventListener("htmx:before:request", () => log.setAttribute("aria-busy", "true"));
  document.addEventListener("htmx:finally:request", () => log.removeAttribute("aria-busy"));

  // An error that Newsstand itself did not word, such as a proxy's, is no turn of the conversation. While the server
  // starts, or has too much to do, the question waits as it does without a connection.
  document.addEventListener("htmx:before:response", (event) => {
    const ctx = event.detail.ctx;
    const { status, headers } = ctx.response;
    const turn = headers.get("Content-Type")?.startsWith("text/html") && status < 400;
    if (turn || headers.has("HX-Retarget")) return;
    event.preventDefault();
    if (PASSING.includes(status)) {
      document.dispatchEvent(new CustomEvent("newsstand:away", { detail: { ctx, wait: Number(headers.get("Retry-After")) || 0 } }));
    } else complain(UNREACHABLE);
  });

  // The same turn again, as after a double click: show it instead of adding it.
  document.addEventListener("htmx:before:swap", (event) => {
    const id = event.detail.tasks.find((task) => task.type === "main")?.fragment.querySelector(".turn")?.id;
    const known = id && document.getElementById(id);
    if (known) {
      event.preventDefault();
      show(known, "auto");
    }
  });

  document.addEventListener("htmx:after:swap", (event) => {
    const ctx = event.detail.ctx;
    if (ctx.response.status >= 400) {
      field.setAttribute("aria-invalid", "true");
      field.focus();
      return;
    }
    const turn = log.lastElementChild;
    // Whoever asked has finished meanwhile.
    if (!turn) return;
    const typed = ctx.request.form === composer;
    clearError();
    newTurn();
    if (typed) field.value = "";
    if ((typed || pointer.matches) && !ON_SCREEN_KEYBOARD) field.focus({ preventScroll: true });
    else turn.focus({ preventScroll: true });
    status.textContent = turn.dataset.announce;
    show(turn, calm.matches ? "auto" : "smooth");
  });

  document.addEventListener("newsstand:forget", () => {
    clearError();
    newTurn();
  });

  if (pointer.matches && !location.hash && !ON_SCREEN_KEYBOARD) field.focus({ preventScroll: true });
  if (!location.hash && log.lastElementChild) show(log.lastElementChild, "auto");
})();
