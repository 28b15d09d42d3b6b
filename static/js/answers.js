// What one can do with an answer: copy it, share it, have it read aloud, judge it. Buttons show where the browser can.
(() => {
  "use strict";

  const root = document.documentElement;
  const voices = window.speechSynthesis;
  const DONE_SHOWN_MS = 2500;

  const say = (text) => {
    const status = document.getElementById("status");
    status.textContent = "";
    // Emptied first, so that the same words are announced again.
    requestAnimationFrame(() => {
      status.textContent = text;
    });
  };

  // Said where one looks, and at once.
  const complain = (button) => {
    const line = document.createElement("p");
    line.className = "act-failed";
    line.setAttribute("role", "alert");
    line.textContent = button.dataset.failed;
    button.closest(".actions").append(line);
  };

  const done = (button) => {
    button.classList.add("is-on");
    say(button.dataset.done);
    setTimeout(() => button.classList.remove("is-on"), DONE_SHOWN_MS);
  };

  const quoteOf = (button) => button.closest(".clipping").querySelector(".quote");

  const copy = async (button) => {
    const link = quoteOf(button).querySelector(".open");
    try {
      await navigator.clipboard.writeText(link ? `${button.dataset.text}\n${link.href}` : button.dataset.text);
      done(button);
    } catch {
      complain(button);
    }
  };

  // The page of the answer, made when first asked for: what the form leads to without JavaScript.
  const addressOf = async (button) => {
    if (!button.dataset.address) {
      const response = await fetch(button.form.action, { method: "POST", body: new FormData(button.form) });
      if (!response.ok) throw new Error(String(response.status));
      button.dataset.address = response.url;
    }
    return button.dataset.address;
  };

  const share = async (button) => {
    let url;
    try {
      url = await addressOf(button);
    } catch {
      complain(button);
      return;
    }
    try {
      if (navigator.share) await navigator.share({ title: button.dataset.title, url });
      else {
        await navigator.clipboard.writeText(url);
        done(button);
      }
    } catch (error) {
      // Changing one's mind is no fault; where neither way is open, the page itself has the address.
      if (error.name !== "AbortError") location.assign(url);
    }
  };

  let speaking = null;

  const stop = () => {
    speaking?.classList.remove("is-on");
    speaking = null;
    voices.cancel();
  };

  const speak = (button) => {
    const again = button === speaking;
    stop();
    if (again) return;
    speaking = button;
    button.classList.add("is-on");
    const quote = quoteOf(button).querySelector("blockquote");
    const parts = [...quote.querySelectorAll("p")].map((paragraph) => {
      const part = new SpeechSynthesisUtterance(paragraph.textContent.trim());
      if (quote.lang) part.lang = quote.lang;
      return part;
    });
    parts.at(-1).onend = () => speaking === button && stop();
    for (const part of parts) {
      part.onerror = () => {
        if (speaking !== button) return;
        stop();
        complain(button);
      };
      voices.speak(part);
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".act");
    if (!button) return;
    button.closest(".actions").querySelector(".act-failed")?.remove();
    if (button.classList.contains("copy")) copy(button);
    else if (button.classList.contains("speak")) speak(button);
    else if (button.classList.contains("share")) {
      event.preventDefault();
      share(button);
    }
  });

  // A vote is no question: the chat's own listeners hear nothing of it.
  const votes = {
    "htmx:before:request": null,
    "htmx:before:response": (event, form) => {
      const { response } = event.detail.ctx;
      const ours = response.headers.get("Content-Type")?.startsWith("text/html") && !response.headers.has("HX-Retarget");
      if (ours && (response.status < 400 || response.status === 422)) return;
      event.preventDefault();
      form.querySelector(".thanks").textContent = form.dataset.failed;
    },
    "htmx:error": (event, form) => {
      form.querySelector(".thanks").textContent = form.dataset.failed;
    },
    "htmx:before:swap": null,
    "htmx:after:swap": null,
    "htmx:finally:request": null,
  };
  for (const [name, listener] of Object.entries(votes)) {
    const hear = (event) => {
      if (!event.target.matches?.(".feedback")) return;
      event.stopPropagation();
      listener?.(event, event.target);
    };
    document.addEventListener(name, hear, true);
  }

  if (navigator.clipboard?.writeText) root.classList.add("can-copy");
  if (navigator.share || navigator.clipboard?.writeText) root.classList.add("can-share");
  if (voices) {
    const show = () => root.classList.toggle("can-speak", voices.getVoices().length > 0);
    voices.addEventListener?.("voiceschanged", show);
    show();
    addEventListener("pagehide", stop);
  }
})();
