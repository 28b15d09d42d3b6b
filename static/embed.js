// Newsstand on your page: a button that opens a chat. <script src="https://ask.example.org/static/embed.js" defer></script>
// Options and events: docs/embed.md. No cookie, no global name; nothing is loaded before somebody opens it.
(() => {
  "use strict";

  const script = document.currentScript;
  const { color, position, document: about, tag, label, lang } = script.dataset;
  const address = new URL("../embed", script.src);
  const SITE = address.origin;
  const WAIT = 10000;

  const WORDS = {
    en: ["Ask a question", "Close", "The chat cannot be shown here.", "Open it in a window of its own"],
    de: ["Frage stellen", "Schließen", "Der Chat kann hier nicht gezeigt werden.", "In einem eigenen Fenster öffnen"],
    es: ["Hacer una pregunta", "Cerrar", "El chat no se puede mostrar aquí.", "Abrirlo en su propia ventana"],
    ru: ["Задать вопрос", "Закрыть", "Чат нельзя показать здесь.", "Открыть в отдельном окне"],
    hi: ["सवाल पूछें", "बंद करें", "चैट यहाँ नहीं दिखाई जा सकती।", "अलग विंडो में खोलें"],
    ar: ["اطرح سؤالاً", "إغلاق", "لا يمكن عرض المحادثة هنا.", "افتحها في نافذة مستقلة"],
  };
  const wished = (lang || document.documentElement.lang || navigator.language).split("-")[0].toLowerCase();
  const language = wished in WORDS ? wished : "en";
  const [ask, shut, away, elsewhere] = WORDS[language];
  const title = label || ask;

  const ground = /^#[0-9a-f]{6}$/i.test(color) ? color : "#0d4636";
  // Relative luminance and contrast: WCAG 2.2.
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(ground.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const ink = 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
  const rtl = getComputedStyle(document.documentElement).direction === "rtl";
  const side = position === "left" || position === "right" ? position : rtl ? "left" : "right";

  const style = new CSSStyleSheet();
  style.replaceSync(`
:host { all: initial !important; position: fixed !important; z-index: 2147483647 !important; inset: auto !important; ${side}: max(1rem, env(safe-area-inset-${side})) !important; bottom: max(1rem, env(safe-area-inset-bottom)) !important; display: block !important; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
button { font: 600 1rem/1.2 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: ${ink}; background: ${ground}; border: 0; cursor: pointer; }
:focus-visible { outline: 3px solid ${ink}; outline-offset: -5px; }
svg { flex: none; width: 1.4em; height: 1.4em; fill: none; stroke: currentcolor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.open { display: flex; align-items: center; gap: .6em; min-height: 3.5rem; max-width: calc(100vw - 2rem); padding: 0 1.4em 0 1.1em; border-radius: 99px; box-shadow: 0 2px 6px rgb(0 0 0 / .3), 0 8px 24px rgb(0 0 0 / .18); }
.open:hover span { text-decoration: underline; }
.panel { display: flex; flex-direction: column; width: min(26rem, calc(100vw - 2rem)); height: min(42rem, calc(100vh - 2rem)); height: min(42rem, calc(100dvh - 2rem)); border-radius: .75rem; overflow: hidden; background: #eceee8; box-shadow: 0 0 0 1px rgb(0 0 0 / .2), 0 4px 12px rgb(0 0 0 / .25), 0 16px 48px rgb(0 0 0 / .3); }
header { flex: none; display: flex; align-items: center; justify-content: space-between; color: ${ink}; background: ${ground}; font: 700 1rem/1.3 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
header span { padding: .75rem 1rem; }
header button { display: grid; place-items: center; width: 3.25rem; height: 3.25rem; }
iframe { flex: 1; width: 100%; min-height: 0; border: 0; }
.away { margin: 1.5rem; color: #17201b; font: 1rem/1.5 system-ui, sans-serif; }
.away a { color: #0b5c45; }
@media (max-width: 30rem), (max-height: 30rem) { .panel { position: fixed; inset: 0; width: auto; height: auto; border-radius: 0; } }
@media (prefers-color-scheme: dark) { .panel { background: #0d1310; } .away { color: #e9eee8; } .away a { color: #8fd3b6; } }
@media (prefers-reduced-motion: no-preference) { .panel { animation: rise .16s ease-out; } @keyframes rise { from { opacity: 0; transform: translateY(.75rem); } } }
@media (forced-colors: active) { .open, .panel { border: 2px solid; } }
@media print { :host { display: none !important; } }
`);

  const make = (name, attributes, ...inside) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...inside);
    return element;
  };
  const icon = (path) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    svg.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
    svg.firstChild.setAttribute("d", path);
    return svg;
  };

  const open = make("button", { type: "button", class: "open", "aria-haspopup": "dialog", "aria-expanded": "false" }, icon("M4 5h16v11h-9l-5 4v-4H4z"), make("span", {}, title));
  const close = make("button", { type: "button", "aria-label": shut }, icon("M6 6l12 12M18 6L6 18"));
  const panel = make("section", { class: "panel", role: "dialog", "aria-label": title, hidden: "" }, make("header", {}, make("span", {}, title), close));
  const host = make("div", {});
  const shadow = host.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [style];
  const root = make("aside", { lang: language, dir: language === "ar" ? "rtl" : "ltr", "aria-label": title }, open, panel);
  shadow.append(root);

  let frame = null;
  let opener = open;
  let ready = false;

  const say = (what) => frame.contentWindow?.postMessage({ newsstand: what }, SITE);

  const load = () => {
    for (const [name, value] of Object.entries({ lang: language, color, document: about, tag })) if (value) address.searchParams.set(name, value);
    frame = make("iframe", { title, src: address, allow: `clipboard-write${navigator.share ? "; web-share" : ""}` });
    frame.addEventListener("load", () => say("hello"));
    panel.append(frame);
    setTimeout(() => {
      if (ready) return;
      frame.replaceWith(make("p", { class: "away" }, `${away} `, make("a", { href: new URL("./", address), target: "_blank", rel: "noopener" }, elsewhere)));
    }, WAIT);
  };

  const show = (from) => {
    if (!panel.hidden) return;
    opener = from;
    panel.hidden = false;
    open.hidden = true;
    open.setAttribute("aria-expanded", "true");
    if (!frame) load();
    if (ready) {
      frame.focus();
      say("open");
    } else close.focus();
  };

  const hide = () => {
    panel.hidden = true;
    open.hidden = false;
    open.setAttribute("aria-expanded", "false");
    (opener.isConnected ? opener : open).focus();
    if (ready) say("close");
  };

  // Only the frame itself is heard, and only when it is on its own site.
  addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== SITE) return;
    const said = event.data?.newsstand;
    if (said === "leave") hide();
    else if (said === "ready") {
      ready = true;
      if (!panel.hidden) {
        if (shadow.activeElement === close) frame.focus();
        say("open");
      }
    }
  });

  open.addEventListener("click", () => show(open));
  close.addEventListener("click", hide);
  panel.addEventListener("keydown", (event) => event.key === "Escape" && hide());

  // A link to #ask opens it, wherever on the page it stands.
  document.addEventListener("click", (event) => {
    const link = event.composedPath().find((one) => one.localName === "a" && one.hash === "#ask");
    if (!link || event.defaultPrevented || link.pathname !== location.pathname || link.host !== location.host) return;
    event.preventDefault();
    show(link);
  });
  addEventListener("hashchange", () => location.hash === "#ask" && show(open));

  const begin = () => {
    // Beside the body: what moves or clips the body leaves it where it is.
    document.documentElement.append(host);
    if (location.hash === "#ask") show(open);
  };
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
})();
