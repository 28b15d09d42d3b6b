// Turns what this server sent of a page into nodes; nothing else here makes nodes of text. htmx does the same for itself.
const fragmentOf = (() => {
  "use strict";

  const { nonce } = document.querySelector("script[nonce]");
  const trusting = window.trustedTypes?.createPolicy("newsstand", { createHTML: (html) => html });

  // Only what carries this page's nonce may use htmx. A response says which nonce is its own; ours it cannot know.
  return async (response) => {
    const [, own] = response.headers.get("Content-Security-Policy")?.match(/'nonce-([\w-]+)'/) ?? [];
    const html = (await response.text()).replaceAll(nonce, "").replaceAll(own ?? nonce, nonce);
    const template = document.createElement("template");
    template.innerHTML = trusting?.createHTML(html) ?? html;
    return template.content;
  };
})();
