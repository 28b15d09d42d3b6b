// Older turns on demand, and turns that were asked in another tab. Without this, links load the page anew.
(() => {
  "use strict";

  const log = document.getElementById("log");
  const status = document.getElementById("status");
  const earlier = document.getElementById("earlier");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  const turns = () => [...log.querySelectorAll(":scope > .turn:not([data-number='0'])")];
  const numberOf = (turn) => Number(turn.dataset.number);
  const told = () => document.dispatchEvent(new CustomEvent("newsstand:turns"));

  // A page without a conversation has one from its first turn on: later questions name it, and so do the links.
  const adopt = () => {
    const id = turns()[0]?.dataset.conversation;
    if (!id) return;
    for (const input of document.querySelectorAll("input[name='conversation']")) input.value ||= id;
    for (const link of document.querySelectorAll(".conversation-menu a")) {
      link.href = link.getAttribute("href").replace("/current/", `/${id}/`);
    }
    if (log.dataset.newer !== undefined) log.dataset.newer = `/conversations/${id}/turns`;
  };

  // The number up to which no turn is missing.
  const complete = () => {
    const numbers = turns().map(numberOf);
    let last = numbers[0] ?? 0;
    while (numbers.includes(last + 1)) last += 1;
    return numbers.length ? last : 0;
  };

  const add = (fragment) => {
    const missing = [...fragment.querySelectorAll(".turn")].filter((turn) => !document.getElementById(turn.id));
    for (const turn of missing) {
      log.insertBefore(turn, turns().find((known) => numberOf(known) > numberOf(turn)) ?? null);
      htmx.process(turn);
    }
    return missing.length;
  };

  let asking = 0;
  let looking = false;

  // Looks for turns that were asked elsewhere; not while a question is on its way, whose own answer brings its turn.
  const catchUp = async () => {
    if (looking || asking || !log.dataset.newer) return;
    looking = true;
    let added = 0;
    try {
      for (let some = 1; some; added += some) {
        const response = await fetch(`${log.dataset.newer}?after=${complete()}`, { headers: { "HX-Request": "true" } });
        const fragment = response.status === 200 ? await fragmentOf(response) : null;
        some = asking || !fragment ? 0 : add(fragment);
      }
    } catch {
      // Whoever is offline is told so when they ask.
    } finally {
      looking = false;
    }
    if (!added) return;
    adopt();
    told();
    status.textContent = log.dataset.caughtUp;
  };

  document.addEventListener("htmx:before:request", () => {
    asking += 1;
  });
  document.addEventListener("htmx:finally:request", () => {
    asking -= 1;
    adopt();
    if (turns().length && complete() !== numberOf(turns().at(-1))) catchUp();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") catchUp();
  });
  addEventListener("focus", catchUp);
  addEventListener("pageshow", (event) => {
    if (event.persisted) catchUp();
  });

  // The way back down shows while more than a little of the conversation is below the window's edge.
  const down = document.getElementById("down");
  const dock = down.parentElement;
  const HIDDEN_FROM = 80;

  const below = () => {
    const last = log.lastElementChild;
    return last ? last.getBoundingClientRect().bottom - dock.getBoundingClientRect().top : 0;
  };
  const look = () => {
    const far = below() > HIDDEN_FROM;
    if (down.hidden === far) down.hidden = !far;
  };

  addEventListener("scroll", look, { passive: true });
  new ResizeObserver(look).observe(log);
  addEventListener("resize", look);
  down.addEventListener("click", () => {
    const turn = log.lastElementChild;
    scrollBy({ top: below() + HIDDEN_FROM / 2, behavior: calm.matches ? "instant" : "smooth" });
    turn.focus({ preventScroll: true });
  });

  if (!earlier) return;

  // The first turn that was shown stays where it is while older ones come above it.
  let first = null;
  let top = 0;

  const hold = () => {
    document.documentElement.classList.add("is-growing-up");
    first = turns()[0];
    top = first.getBoundingClientRect().top;
  };

  const release = () => {
    scrollBy({ top: first.getBoundingClientRect().top - top, behavior: "instant" });
    requestAnimationFrame(() => document.documentElement.classList.remove("is-growing-up"));
    const number = numberOf(turns()[0]);
    const address = new URL(earlier.href);
    address.searchParams.set("before", number);
    earlier.href = address.pathname + address.search;
    earlier.setAttribute("data-hx-get", earlier.getAttribute("href"));
    if (number === 1) {
      if (document.activeElement === earlier) first.focus({ preventScroll: true });
      earlier.parentElement.remove();
    }
    told();
    status.textContent = log.dataset.grown;
  };

  // Older turns are no answer: the chat's own listeners hear nothing of them.
  const listeners = {
    "htmx:before:request": null,
    "htmx:before:response": (event) => {
      if (event.detail.ctx.response.status === 200) return;
      event.preventDefault();
      location.assign(earlier.href);
    },
    "htmx:error": () => location.assign(earlier.href),
    "htmx:before:swap": hold,
    "htmx:after:swap": release,
    "htmx:finally:request": null,
  };
  for (const [name, listener] of Object.entries(listeners)) {
    const hear = (event) => {
      if (event.target !== earlier) return;
      event.stopPropagation();
      listener?.(event);
    };
    document.addEventListener(name, hear, true);
  }
})();
