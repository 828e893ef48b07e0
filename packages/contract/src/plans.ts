/** What an account may do at once; the owner edits plans here. Generations beyond it wait in the queue. */
export const MAX_RUNNING = 3;
