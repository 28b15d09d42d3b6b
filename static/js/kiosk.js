// The kiosk: one page for everybody, never left. It forgets each visitor, looks after itself, and outlives its server.
(() => {
  "use strict";

  const root = document.documentElement;
  const { body } = document;
  const field = document.getElementById("question");
  const composer = document.getElementById("composer");
  const log = document.getElementById("log");
  const status = document.getElementById("status");
  const error = document.getElementById("ask-error");
  const posters = document.getElementById("posters");
  const stillThere = document.getElementById("still-there");
  const countdown = document.getElementById("countdown");
  const reader = document.getElementById("reader");
  const inside = document.getElementById("inside");
  const languages = document.getElementById("language-choice");
  const style = document.getElementById("style");
  const contrast = document.getElementById("contrast");
  const voices = window.speechSynthesis;

  const IDLE = Number(body.dataset.idleSeconds) * 1000;
  const COUNTDOWN = Number(body.dataset.countdownSeconds) * 1000;
  const TICK = 1000;
  const FINGER = 400;
  // A tick this late means that the tab slept, and that whoever was here is long gone.
  const ASLEEP = 30_000;
  const POSTER_SHOWN = 6000;
  const HEARTBEAT = 15_000;
  const RELOAD_APART = 60_000;
  const VISITS_A_LOAD = 2000;
  const TEXT_SIZES = 3;
  // After what everybody sees, while the browser has nothing else to do.
  const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work, TICK));

  let seen = Date.now();
  let ticked = Date.now();
  let counting = 0;
  let visited = false;
  let stale = false;
  let visits = 0;
  let reloaded = 0;
  let held = false;
  let reading = null;
  let gone = [];

  // What a visitor leaves behind

  const visit = () => {
    visited = true;
  };

  const ticket = (detail = {}) => {
    document.dispatchEvent(new CustomEvent("newsstand:ticket", { detail }));
    return detail.ticket;
  };

  const post = (address, fields) => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ surface: "kiosk", ...fields })) form.set(name, value);
    return fetch(address, { method: "POST", body: form, cache: "no-store" });
  };

  // Tickets of visitors who have gone; those that the server has not heard of yet are told again later.
  const tellGone = async () => {
    for (const one of gone) {
      try {
        const response = await post(body.dataset.leave, { ticket: one });
        if (response.status >= 500) return;
      } catch {
        return;
      }
      gone = gone.filter((other) => other !== one);
    }
  };

  const closeDialogs = () => {
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  };

  // Everything in place and at once, whether the server is there or not: nobody must find anything of anybody.
  const forget = () => {
    const before = ticket();
    voices?.cancel();
    // What is still on its way would be shown to the next visitor.
    for (const form of document.forms) htmx.trigger(form, "htmx:abort");
    reading?.abort();
    document.dispatchEvent(new CustomEvent("newsstand:forget"));
    closeDialogs();
    log.replaceChildren();
    inside.replaceChildren();
    for (const form of document.forms) form.reset();
    field.value = "";
    error.replaceChildren();
    field.blur();
    field.dispatchEvent(new Event("input"));
    status.textContent = "";
    // It names the addresses that were asked for, suggestions with what was typed among them.
    performance.clearResourceTimings();
    root.dataset.text = "1";
    setContrast(false);
    hideKeyboard();
    ticket({ renew: true });
    visited = false;
    counting = 0;
    visits += 1;
    scrollTo({ top: 0, behavior: "instant" });
    gone.push(before);
    const told = tellGone();
    if (visits >= VISITS_A_LOAD) stale = true;
    if (!("languageChosen" in body.dataset)) return;
    // The server forgets the language, too; the next visitor does not wait for their own.
    stale = true;
    told.then(() => gone.length || reload());
  };

  // Who is there

  const present = () => {
    seen = Date.now();
    if (!counting) return;
    counting = 0;
    // Not before the finger is up again: the touch must not fall through to what is below.
    setTimeout(() => stillThere.close(), FINGER);
  };

  const countDown = () => {
    const left = Math.ceil((counting - Date.now()) / 1000);
    countdown.textContent = String(Math.max(left, 0));
    if (left <= 0) forget();
  };

  const look = () => {
    const now = Date.now();
    const slept = now - ticked > ASLEEP;
    ticked = now;
    if (held || voices?.speaking) present();
    if (slept && now - seen > IDLE && visited) forget();
    else if (counting) countDown();
    else if (visited && now - seen >= IDLE) {
      counting = now + COUNTDOWN;
      stillThere.showModal();
      countDown();
    } else if (!visited && stale && performance.now() - reloaded > RELOAD_APART) reload();
  };

  // What cannot be forgotten in place is forgotten with the page.
  const tick = () => {
    try {
      look();
    } catch {
      visited = false;
      stale = true;
      if (performance.now() - reloaded > RELOAD_APART) reload();
    }
  };

  for (const name of ["pointerdown", "pointermove", "keydown", "wheel", "input"]) {
    addEventListener(name, present, { capture: true, passive: true });
  }
  // A finger that scrolls, or rests, is told of by these alone.
  for (const name of ["touchstart", "touchmove", "touchend", "touchcancel"]) {
    const feel = (event) => {
      held = event.touches.length > 0;
      present();
    };
    addEventListener(name, feel, { capture: true, passive: true });
  }
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && tick());
  setInterval(tick, TICK);

  // Looking after itself

  // Once a minute at most: a second one would break off the first, which a slow server may still be answering.
  const reload = async () => {
    reloaded = performance.now();
    try {
      const response = await fetch(location.href, { cache: "no-store" });
      if (response.ok && !visited) location.replace(location.href);
    } catch {
      // The page that stands is better than the browser's page of errors.
    }
  };

  const beat = async () => {
    try {
      const response = await post(body.dataset.heartbeat, { name: body.dataset.name });
      if (!response.ok) return;
      const { version } = await response.json();
      if (version !== body.dataset.version) stale = true;
      await tellGone();
    } catch {
      // Missed heartbeats are what the operator sees.
    }
  };

  setInterval(beat, HEARTBEAT);
  whenIdle(beat);
  addEventListener("error", () => {
    stale = true;
  });
  addEventListener("unhandledrejection", () => {
    stale = true;
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  // What drifts by

  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  setInterval(() => {
    if (!visited && !calm.matches && posters.children.length > 1) posters.append(posters.firstElementChild);
  }, POSTER_SHOWN);

  posters.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    visit();
    field.value = button.dataset.question;
    composer.requestSubmit();
  });

  document.addEventListener("htmx:before:request", visit);
  field.addEventListener("input", () => field.value && visit());

  // Reading inside: no link leads away

  const show = (dialog) => {
    visit();
    hideKeyboard();
    if (!dialog.open) dialog.showModal();
  };

  const read = async (link) => {
    visit();
    reading?.abort();
    reading = new AbortController();
    const { signal } = reading;
    try {
      const response = await fetch(link.href, { headers: { "HX-Request": "true" }, signal });
      if (!response.ok) throw new Error(String(response.status));
      const article = await fragmentOf(response);
      signal.throwIfAborted();
      inside.replaceChildren(article);
    } catch {
      if (!signal.aborted) error.textContent = error.dataset.unreachable;
      return;
    }
    show(reader);
    const passage = link.hash ? document.getElementById(`inside-${link.hash.slice(1)}`) : null;
    passage?.classList.add("is-quoted");
    inside.focus({ preventScroll: true });
    if (passage) passage.scrollIntoView({ block: "center", behavior: "instant" });
    else inside.scrollTop = 0;
  };

  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest("a");
      if (!link) return;
      event.preventDefault();
      if (link.matches(".open, .further a")) read(link);
    },
    true,
  );
  // The middle button would open another window.
  addEventListener("auxclick", (event) => event.preventDefault(), true);
  for (const button of document.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
  reader.addEventListener("close", () => inside.replaceChildren());

  // What is taken along is no turn: the chat's own listeners hear nothing of it.
  for (const name of ["htmx:before:request", "htmx:before:response", "htmx:before:swap", "htmx:after:swap", "htmx:finally:request"]) {
    const hear = (event) => {
      if (!event.target.querySelector?.(":scope > .take") && event.target !== inside) return;
      event.stopPropagation();
      if (name === "htmx:after:swap") show(reader);
    };
    document.addEventListener(name, hear, true);
  }

  // Tools

  const setContrast = (wanted) => {
    const address = wanted ? style.dataset.contrast : style.dataset.usual;
    if (style.getAttribute("href") !== address) style.href = address;
    contrast.setAttribute("aria-pressed", String(wanted));
  };

  contrast.addEventListener("click", () => {
    visit();
    setContrast(contrast.getAttribute("aria-pressed") !== "true");
  });
  document.getElementById("text-size").addEventListener("click", () => {
    visit();
    root.dataset.text = String((Number(root.dataset.text) % TEXT_SIZES) + 1);
  });
  document.getElementById("choose-language").addEventListener("click", () => show(languages));
  document.getElementById("over").addEventListener("click", forget);
  document.getElementById("here").addEventListener("click", () => stillThere.close());
  languages.addEventListener("click", async (event) => {
    const wanted = event.target.closest("button[data-language]")?.dataset.language;
    if (!wanted) return;
    try {
      const response = await post(body.dataset.language, { language: wanted, back: location.pathname + location.search });
      if (response.ok) location.replace(location.href);
    } catch {
      languages.close();
    }
  });

  // Nothing that a browser does by itself

  for (const name of ["contextmenu", "dragstart", "gesturestart"]) {
    addEventListener(name, (event) => event.preventDefault());
  }
  addEventListener("wheel", (event) => event.ctrlKey && event.preventDefault(), { passive: false });
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && "+-=0pPsSfFoOuUjJhHdD".includes(event.key)) event.preventDefault();
    if (event.altKey && event.key.startsWith("Arrow")) event.preventDefault();
    if (/^F\d/.test(event.key) || event.key.startsWith("Browser")) event.preventDefault();
  });

  // The on-screen keyboard

  const place = document.getElementById("keyboard");
  let keyboard = null;

  // The library makes its keys by text: it gets text, never elements.
  window.trustedTypes?.createPolicy("default", { createHTML: (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;") });

  const hideKeyboard = () => body.classList.remove("is-typing");
  const showKeyboard = () => {
    body.classList.add("is-typing");
    keyboard?.setInput(field.value);
  };

  const KEYS = {
    "{shift}": () => keyboard.setOptions({ layoutName: keyboard.options.layoutName === "shift" ? "default" : "shift" }),
    "{enter}": () => composer.requestSubmit(),
  };

  // The letters of a layout without the keys that a question does not need, and one row of our own below.
  const rows = (layout) => [
    ...layout
      .filter((row) => !row.includes("{space}"))
      .map((row) =>
        row
          .split(" ")
          .filter((key) => !["{tab}", "{lock}", "{enter}", "{bksp}", "{shift}"].includes(key))
          .join(" "),
      ),
    "{shift} {space} {bksp} {enter}",
  ];

  const build = async () => {
    const [{ default: Keyboard }, { default: chosen }] = await Promise.all([
      import(place.ownerDocument.body.dataset.keyboard),
      import(body.dataset.layout),
    ]);
    keyboard = new Keyboard(place, {
      layout: { default: rows(chosen.layout.default), shift: rows(chosen.layout.shift) },
      display: { "{shift}": "⇧", "{space}": place.dataset.space, "{bksp}": "⌫", "{enter}": place.dataset.ask },
      theme: "hg-theme-default keys",
      preventMouseDownDefault: true,
      useButtonTag: true,
      onChange: (text) => {
        field.value = text;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      },
      onKeyPress: (key) => KEYS[key]?.(),
      onRender: () => {
        for (const [key, name] of [["shift", place.dataset.shift], ["bksp", place.dataset.delete]]) {
          place.querySelector(`.hg-button-${key}`)?.setAttribute("aria-label", name);
        }
      },
    });
    keyboard.setInput(field.value);
  };

  // A key that is pressed must not take the focus from the field: suggestions live as long as it has it.
  for (const name of ["mousedown", "pointerdown"]) place.addEventListener(name, (event) => event.preventDefault());
  field.addEventListener("focus", showKeyboard);
  field.addEventListener("click", showKeyboard);
  field.addEventListener("input", () => keyboard && keyboard.getInput() !== field.value && keyboard.setInput(field.value));
  // Not before the touch has reached what it is meant for: the page moves when the keyboard goes.
  for (const name of ["click", "pointercancel"]) log.addEventListener(name, hideKeyboard);
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx?.response.status < 400) {
      keyboard?.clearInput();
      hideKeyboard();
    }
  });
  whenIdle(build);
})();
