import { api } from "../../data/client.ts";

/** Keeps a prompt on the server for an hour, so that it is neither in an address nor in the browser's storage (A3). */
export const keepDraft = async (prompt: string): Promise<string> =>
  (await api.createDraft({ body: { prompt } })).id;

export const readDraft = async (id: string): Promise<string> =>
  (await api.getDraft({ params: { id } })).prompt;
