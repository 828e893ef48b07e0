import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { LocalCloudError } from "../errors.ts";

export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

export type Listening = { readonly url: string; readonly port: number; readonly stop: () => Promise<void> };

/**
 * Serves on this machine only. Port 0 takes a free one.
 * @throws LocalCloudError when the port is taken, naming it
 */
export async function listen(what: string, port: number, onRequest: RequestListener): Promise<Listening> {
  const server = createServer(onRequest);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, what, port)));
    server.listen(port, "127.0.0.1", resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return { url: `http://127.0.0.1:${bound}`, port: bound, stop: () => close(server) };
}

function explain(error: NodeJS.ErrnoException, what: string, port: number): Error {
  if (error.code === "EADDRINUSE") return new LocalCloudError(`Port ${port}, for ${what}, is taken.`);
  if (error.code === "EACCES")
    return new LocalCloudError(`Port ${port}, for ${what}, needs more rights than you have.`);
  return error;
}

/** Stops listening, lets what is being answered end for a moment, then cuts it off. */
async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cutOff = setTimeout(() => server.closeAllConnections(), 1_000);
  await closed;
  clearTimeout(cutOff);
}

/**
 * Reads a body without ever holding more than the limit.
 * @throws BodyTooLarge
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > limitBytes) throw new BodyTooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > limitBytes) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
