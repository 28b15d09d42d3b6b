// The widget's frame: goes on with the tab's conversation, and tells the host's page what happens, never what was asked.
(() => {
  "use strict";

  const { body } = document;
  const field = document.getElementById("question");
  const log = document.getElementById("log");
  const status = document.getElementById("status");
  const afresh = document.querySelector(".afresh");
  const ORIGINS = body.dataset.origins.split(" ");
  const KEPT = "newsstand_frame";
  // Conversations about different things are different ones.
  const about = field.form.elements.document ?? field.form.elements.tag;
  const KEY = about ? `${KEPT} ${about.name} ${about.value}` : KEPT;

  // Frames whose cookies are blocked have no storage either, but may keep a cookie that only this frame on this host's
  // site sees, until the browser is closed. Where neither can be had the conversation ends with the page.
  const COOKIE = `${encodeURIComponent(KEY)}=`;
  const recall = () => {
    try {
      return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
    } catch {
      const cookie = document.cookie.split("; ").find((one) => one.startsWith(COOKIE));
      return cookie ? JSON.parse(decodeURIComponent(cookie.slice(COOKIE.length))) : {};
    }
  };
  const remember = (kept) => {
    try {
      if (kept) sessionStorage.setItem(KEY, JSON.stringify(kept));
      else sessionStorage.removeItem(KEY);
    } catch {
      const value = kept ? encodeURIComponent(JSON.stringify(kept)) : "; Max-Age=0";
      document.cookie = `${COOKIE}${value}; Path=${location.pathname}; Secure; SameSite=None; Partitioned`;
    }
  };

  const ticket = (detail) => {
    document.dispatchEvent(new CustomEvent("newsstand:ticket", { detail }));
    return detail.ticket;
  };

  const post = (address, fields) => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ surface: "embed", lang: document.documentElement.lang, ...fields })) form.set(name, value);
    return fetch(address, { method: "POST", body: form, headers: { "HX-Request": "true" }, cache: "no-store" });
  };

  // The host's page says hello first: until then nobody knows whose it is.
  let host = null;
  const tell = (event, more = {}) => host && parent.postMessage({ newsstand: event, ...more }, host);

  addEventListener("message", (event) => {
    if (event.source !== parent || !ORIGINS.includes(event.origin)) return;
    const said = event.data?.newsstand;
    if (said === "hello") {
      host = event.origin;
      tell("ready");
    } else if (host && said === "open") {
      field.focus({ preventScroll: true });
      tell("opened");
    } else if (host && said === "close") tell("closed");
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) tell("leave");
  });

  document.addEventListener("htmx:after:swap", (event) => {
    const turn = log.lastElementChild;
    if (!turn || event.detail.ctx.response.status >= 400) return;
    remember({ ticket: ticket({}), conversation: turn.dataset.conversation });
    const source = turn.querySelector(".open")?.href ?? null;
    const outcome = ["answered", "hedged", "abstained", "smalltalk"].find((name) => turn.classList.contains(name));
    tell("asked", { outcome, source });
  });

  const goOn = async () => {
    const kept = recall();
    if (!kept.ticket || !kept.conversation) return;
    try {
      const response = await post(body.dataset.turns, kept);
      if (response.status !== 200 || log.firstElementChild) return;
      log.append(await fragmentOf(response));
      htmx.process(log);
      ticket({ use: kept.ticket });
      document.dispatchEvent(new CustomEvent("newsstand:turns"));
      log.lastElementChild?.scrollIntoView({ block: "start" });
    } catch {
      // Whoever is offline is told so when they ask.
    }
  };

  afresh.addEventListener("submit", async (event) => {
    event.preventDefault();
    const old = ticket({});
    log.replaceChildren();
    remember(null);
    ticket({ renew: true });
    document.dispatchEvent(new CustomEvent("newsstand:forget"));
    field.value = "";
    field.focus();
    status.textContent = "";
    scrollTo(0, 0);
    try {
      await post(afresh.action, { ticket: old });
    } catch {
      // It expires by itself.
    }
  });

  goOn();
})();
