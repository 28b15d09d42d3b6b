// Asks in a dialog before something is deleted. Without this a page asks.
(() => {
  "use strict";

  const dialog = document.getElementById("confirm");

  // What went wrong is told by the page that the link leads to.
  document.addEventListener("htmx:before:response", (event) => {
    if (event.detail.ctx.response.status === 200) return;
    event.preventDefault();
    location.assign(event.target.href);
  });
  document.addEventListener("htmx:error", (event) => location.assign(event.target.href));
  document.addEventListener("htmx:after:swap", () => {
    dialog.showModal();
    dialog.querySelector(".cancel").focus();
  });

  dialog.addEventListener("click", (event) => {
    // The dialog itself is hit beside its content only.
    if (event.target === dialog || event.target.closest(".cancel")) {
      event.preventDefault();
      dialog.close();
    }
  });
})();
