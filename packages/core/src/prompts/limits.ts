/** Seconds for a whole question, with every provider that is asked: below what an HTTP route may take (28). */
export const QUESTION_SECONDS = 24;
/** Seconds for one call; what is left after it is the next provider's. */
export const CALL_SECONDS = 12;
/** A shorter call than this is not worth its money. */
export const LEAST_CALL_SECONDS = 2;
/** Up to so many seconds a provider that asks for a pause is waited for, once; otherwise the next is asked. */
export const PAUSE_SECONDS = 2;
/** Seconds for fetching a picture, of those of the question. */
export const FETCH_SECONDS = 8;
/** What a caller is told where no provider said when to come back. */
export const COME_BACK_SECONDS = 30;
/** Pixels of the longer edge of what a chat model is shown: enough to describe, and cheap. */
export const SHOWN_EDGE = 1_024;
