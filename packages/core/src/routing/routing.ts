export { admit, leave, renew } from "./admit.ts";
export { health } from "./health.ts";
export { outcomeOf } from "./outcome.ts";
export { configure, settings } from "./settings.ts";
export { status } from "./status.ts";
