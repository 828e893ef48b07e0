declare namespace App {
  interface Locals {
    locale: import("./i18n/locales.ts").Locale;
  }
}
