// Shows and hides what is typed into a password field of the pages that are not taken over by a bundle.
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
