// Writing without a keyboard: buttons with a sign each, for a mouse, a switch or eyes.

const keys = document.getElementById("keys"); // where nothing is written there are none
const shown = keys?.querySelector("output");
let field;

/** Away with them: what was written is complete. */
export function closeKeys() {
  keys.close();
}

function write(text) {
  field.value = text.slice(0, field.maxLength);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  shown.textContent = field.value;
}

for (const button of document.querySelectorAll("[data-writes]")) {
  button.addEventListener("click", () => {
    field = button.parentElement.querySelector("textarea, .signs");
    shown.textContent = field.value;
    keys.showModal();
  });
}

keys?.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-sign]");
  if (button) write(field.value + button.dataset.sign);
  else if (target.closest("[data-erase]")) write(field.value.slice(0, -1));
});
