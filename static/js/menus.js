// Menus that fold away when one goes elsewhere. Without this they fold away by their own button.
(() => {
  "use strict";

  const open = () => document.querySelectorAll("details[data-menu][open]");

  const closeAllBut = (target) => {
    for (const menu of open()) {
      if (!menu.contains(target)) menu.open = false;
    }
  };

  document.addEventListener("pointerdown", (event) => closeAllBut(event.target));
  document.addEventListener("focusin", (event) => closeAllBut(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    }
  });
})();
