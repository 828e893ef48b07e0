/** The verbs of runs. Each is one transaction in SQL, under the account's lock, and safe to repeat. */
export { retryImage, runAgain } from "./again.ts";
export { attempts, beginAttempt, finishAttempt, giveUpAttempt, recordImage } from "./attempts.ts";
export { get } from "./get.ts";
export { claim, confirm, due, request } from "./request.ts";
export { cancel, remove, settle } from "./settle.ts";
