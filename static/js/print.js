// The button of the print page; without this one prints with the browser's own.
(() => {
  "use strict";

  const button = document.getElementById("print");
  button.hidden = false;
  button.addEventListener("click", () => print());
})();
