"use strict";
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#page",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  tryItOutEnabled: true,
  validatorUrl: null,
});
// Accessibility that Swagger UI lacks: a link inside a button cannot be reached by keyboard, controls need labels, and elements that
// scroll have to be focusable.
const NAMES = { "#servers": "Server", ".response-control-media-type select": "Media type of the answer", ".content-type": "Media type of the request" };
function mend() {
  for (const link of document.querySelectorAll(".opblock-summary-control a[href]")) link.removeAttribute("href");
  for (const [selector, name] of Object.entries(NAMES)) {
    for (const one of document.querySelectorAll(`${selector}:not([aria-label])`)) one.setAttribute("aria-label", name);
  }
  for (const one of document.querySelectorAll("select:not([aria-label]), textarea:not([aria-label]), input:not([aria-label])")) {
    const row = one.closest("tr, .body-param, .opblock-section");
    one.setAttribute("aria-label", row?.dataset.paramName || row?.querySelector(".parameter__name, h4")?.textContent || "Value");
  }
  for (const one of document.querySelectorAll("pre:not([tabindex]), .highlight-code:not([tabindex])")) one.tabIndex = 0;
  for (const one of document.querySelectorAll(".copy-to-clipboard button:not([aria-label])")) one.setAttribute("aria-label", "Copy");
}
new MutationObserver(mend).observe(document.getElementById("page"), { childList: true, subtree: true });
