import { rememberTheme } from "./remember.ts";

/** A button that turns paper into darkroom and back. Its label says what a press does. */
class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    button?.addEventListener("click", () => {
      const theme = this.isDark() ? "light" : "dark";
      document.documentElement.dataset.theme = theme;
      rememberTheme(theme);
      this.describe(button);
    });
    if (button) this.describe(button);
  }

  private isDark(): boolean {
    const { theme } = document.documentElement.dataset;
    return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  private describe(button: HTMLButtonElement) {
    const label = this.isDark() ? this.dataset.toLight : this.dataset.toDark;
    button.setAttribute("aria-label", label ?? "");
    button.title = label ?? "";
  }
}

customElements.define("theme-switch", ThemeSwitch);
