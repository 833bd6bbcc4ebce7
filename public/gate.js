// Of the pages that are not taken over by a bundle.

// Shows and hides what is typed into a password field.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".sign .input-action button");
  const control = button?.closest(".input")?.querySelector("input");
  if (!control) return;
  const shown = control.type === "password";
  control.type = shown ? "text" : "password";
  const label = shown ? "Hide password" : "Show password";
  button.setAttribute("aria-label", label);
  button.title = label;
});

// A form is sent once, however often its button is pressed; one whose answer never came can be sent again after a while.
const sent = new Set();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (sent.has(form)) event.preventDefault();
  sent.add(form);
  setTimeout(() => sent.delete(form), 10_000);
});

// What only passes on is sent without a press of its button.
document.querySelector("form[data-send]")?.requestSubmit();
