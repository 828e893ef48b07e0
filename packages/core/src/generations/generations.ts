/** What people do with generations, and the steps of the workflow that makes them. */
export { retryImage, runAgain } from "./again.ts";
export { cancel, remove } from "./cancel.ts";
export { create } from "./create.ts";
export { dispatch } from "./dispatch.ts";
export { pollImage } from "./poll-image.ts";
export { quote } from "./quote.ts";
export { get, list } from "./read.ts";
export { redrive } from "./redrive.ts";
export { reserveCredits } from "./reserve-credits.ts";
export { executionEnded, settleCredits } from "./settle-credits.ts";
export { storeImage } from "./store-image.ts";
export { submitImage } from "./submit-image.ts";
export { sweep } from "./sweep.ts";
