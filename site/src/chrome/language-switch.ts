import { rememberLocale } from "./remember.ts";

/** Closes the menu when one turns elsewhere, keeps the question mark of the address, and remembers the choice. */
class LanguageSwitch extends HTMLElement {
  connectedCallback() {
    const menu = this.querySelector("details");
    this.addEventListener("click", (event) => {
      const link = (event.target as Element).closest("a");
      if (!link) return;
      if (link.pathname.startsWith(`/${link.dataset.locale}/`)) link.search = location.search;
      rememberLocale(link.dataset.locale ?? "en");
    });
    document.addEventListener("click", (event) => {
      if (menu && !this.contains(event.target as Node)) menu.open = false;
    });
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu?.open) return;
      menu.open = false;
      menu.querySelector("summary")?.focus();
    });
  }
}

customElements.define("language-switch", LanguageSwitch);
