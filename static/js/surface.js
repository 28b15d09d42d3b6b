// Where there is no cookie: the page makes a ticket that goes with every form, and names its conversation itself.
(() => {
  "use strict";

  const TICKET_BYTES = 16;
  const log = document.getElementById("log");

  let ticket = "";

  const fill = () => {
    for (const input of document.querySelectorAll("input[name='ticket']")) input.value = ticket;
    const id = log.querySelector(".turn")?.dataset.conversation ?? "";
    for (const input of document.querySelectorAll("input[name='conversation']")) input.value = id;
  };

  const renew = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(TICKET_BYTES));
    ticket = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    fill();
  };

  // Whoever needs a ticket or a new one asks by event; scripts share no names.
  document.addEventListener("newsstand:ticket", (event) => {
    if (event.detail.renew) renew();
    if (event.detail.use) ticket = event.detail.use;
    event.detail.ticket = ticket;
    fill();
  });
  document.addEventListener("htmx:after:swap", fill, true);
  renew();
})();
