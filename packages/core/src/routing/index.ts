export * as Routing from "./routing.ts";
export { DEFAULT_SETTINGS, isOn } from "./settings.ts";
