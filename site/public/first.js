// Runs before anything else of a page. Sets the chosen theme before it is painted; without a choice the system's holds.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage can be switched off; the system's theme is good enough then.
}
// Zod tries whether it may compile its schemas as soon as it is loaded; the page's policy would report the attempt.
globalThis.__zod_globalConfig = { jitless: true };
