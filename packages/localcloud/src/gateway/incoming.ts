import type { IncomingMessage } from "node:http";
import { readBody } from "../http/server.ts";

/** API Gateway's limit for a request's body. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** A request with its body, as one part of the cloud hands it to another. */
export type Incoming = {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  /** Names in small letters; several of a name are joined with commas, cookies with semicolons. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly httpVersion: string;
};

/** @throws BodyTooLarge */
export async function receive(request: IncomingMessage): Promise<Incoming> {
  const headers = Object.entries(request.headersDistinct).map(
    ([name, values]) => [name, (values ?? []).join(name === "cookie" ? "; " : ",")] as const,
  );
  return {
    method: request.method ?? "GET",
    url: request.url ?? "/",
    headers: Object.fromEntries(headers),
    body: await readBody(request, MAX_BODY_BYTES),
    sourceIp: (request.socket.remoteAddress ?? "").replace(/^::ffff:/, ""),
    httpVersion: request.httpVersion,
  };
}
