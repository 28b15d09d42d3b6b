// Helps with typing: suggestions, questions asked before, a counter near the limit. The field works without it.
(() => {
  "use strict";

  const field = document.getElementById("question");
  const composer = document.getElementById("composer");
  const list = document.getElementById("suggested");
  const told = document.getElementById("suggested-told");
  const counter = document.getElementById("counter");
  const log = document.getElementById("log");
  const LIMIT = Number(composer.dataset.limit);
  const WAIT = 150;
  const SHORTEST = 2;
  const LONGEST = 200;

  let timer = 0;
  let request = null;
  let chosen = -1;
  let typed = "";

  const options = () => [...list.children];

  const close = () => {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    list.replaceChildren();
    chosen = -1;
    field.removeAttribute("aria-activedescendant");
    told.textContent = "";
  };

  const ask = (question) => {
    close();
    field.value = question;
    composer.requestSubmit();
  };

  const choose = (number) => {
    chosen = number;
    options().forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
    const option = options()[chosen];
    if (option) {
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
    field.value = option ? option.textContent : typed;
  };

  const offer = (questions) => {
    list.replaceChildren(
      ...questions.map((question, number) => {
        const option = document.createElement("li");
        option.id = `suggested-${number}`;
        option.role = "option";
        option.dir = "auto";
        option.setAttribute("aria-selected", "false");
        option.textContent = question;
        // The field keeps the focus: a press must not take it away before the click comes.
        option.addEventListener("pointerdown", (event) => event.preventDefault());
        option.addEventListener("click", () => ask(question));
        return option;
      }),
    );
    chosen = -1;
    list.hidden = !questions.length;
    told.textContent = questions.length ? list.dataset.count.replace("0", questions.length) : "";
  };

  const look = async () => {
    request?.abort();
    request = new AbortController();
    const asked = field.value;
    const query = new URLSearchParams({ q: asked });
    const about = composer.elements.document ?? composer.elements.tag;
    if (about) query.set(about.name, about.value);
    try {
      const response = await fetch(`${list.dataset.from}?${query}`, { signal: request.signal });
      if (!response.ok) return;
      const { suggestions } = await response.json();
      // What comes late, or for what is no longer there, is not shown.
      if (field.value === asked && document.activeElement === field) {
        typed = asked;
        offer(suggestions.filter((question) => question !== asked));
      }
    } catch {
      // Without a connection nothing is suggested.
    }
  };

  const count = () => {
    const left = LIMIT - field.value.length;
    const near = left <= LIMIT / 10;
    counter.hidden = !near;
    counter.textContent = near ? (left < 0 ? counter.dataset.over : counter.dataset.left).replace("0", Math.abs(left)) : "";
    counter.classList.toggle("over", left < 0);
  };

  field.addEventListener("input", (event) => {
    count();
    history.at = null;
    clearTimeout(timer);
    if (event.isComposing || field.value.trim().length < SHORTEST || field.value.length > LONGEST || field.value.includes("\n")) close();
    else timer = setTimeout(look, WAIT);
  });

  // Questions of this conversation, newest last; null while the visitor writes.
  const history = { at: null, draft: "" };
  const before = () => [...log.querySelectorAll(".asked-text")].map((asked) => asked.textContent);

  const recall = (step) => {
    const asked = before();
    if (history.at === null) {
      if (step > 0 || field.value || !asked.length) return false;
      history.draft = field.value;
      history.at = asked.length;
    }
    history.at = Math.min(Math.max(history.at + step, 0), asked.length);
    field.value = history.at === asked.length ? history.draft : asked[history.at];
    if (history.at === asked.length) history.at = null;
    field.setSelectionRange(field.value.length, field.value.length);
    count();
    return true;
  };

  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.altKey || event.ctrlKey || event.metaKey) return;
    const open = !list.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !event.shiftKey) {
      if (open) {
        event.preventDefault();
        const places = options().length + 1;
        choose(((chosen + 1 + step + places) % places) - 1);
      } else if ((history.at !== null || !field.value) && recall(step)) event.preventDefault();
    } else if (event.key === "Escape" && (open || history.at !== null)) {
      event.preventDefault();
      if (open) {
        field.value = typed;
        close();
      } else {
        history.at = before().length - 1;
        recall(1);
      }
    } else if (event.key === "Enter" || event.key === "Tab") close();
    else if (open && chosen >= 0 && (event.key === "Home" || event.key === "End")) choose(-1);
  });

  document.addEventListener("newsstand:forget", () => {
    history.at = null;
    history.draft = "";
    typed = "";
    close();
  });
  field.addEventListener("blur", close);
  composer.addEventListener("submit", close);
  document.addEventListener("htmx:after:swap", count);
  count();
})();
