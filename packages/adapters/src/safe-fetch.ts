import { lookup } from "node:dns/promises";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, isIPv4, type LookupFunction } from "node:net";
import { type RemoteImages, Unfetchable } from "@imgpilot/core/prompts/remote-images";
import { signatureOf } from "./image-signature.ts";
import { isPublicAddress } from "./safe-fetch-addresses.ts";

export type SafeFetchOptions = {
  readonly maxBytes: number;
  /** For all of it, redirects included. */
  readonly maxMilliseconds: number;
  /** All addresses of a host name. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>;
  /** What is let through beside https on its own port at public addresses: for a server on this machine. */
  readonly also?: {
    readonly http?: boolean;
    readonly anyPort?: boolean;
    readonly address?: (address: string) => boolean;
  };
};

const MAX_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Fetches pictures from addresses that strangers name. A name is resolved here, once for each hop, all that it resolves
 * to must be public, and the connection goes to what was looked at: a name that changes its mind gains nothing. No
 * cookie, credential or referrer goes along, nothing is unpacked, and the bytes say what they are, not the headers.
 */
export function createSafeFetch(options: SafeFetchOptions): RemoteImages {
  return {
    async fetch(address, signal) {
      const time = AbortSignal.any([signal, AbortSignal.timeout(options.maxMilliseconds)]);
      try {
        return await follow(options, address, time);
      } catch (error) {
        if (time.aborted) throw new Unfetchable("too_slow", error);
        if (error instanceof Unfetchable) throw error;
        throw new Unfetchable("refused", error);
      }
    },
  };
}

async function follow(options: SafeFetchOptions, address: string, signal: AbortSignal): Promise<Uint8Array> {
  let url = permitted(options, address);
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    const response = await get(options, url, signal);
    try {
      const { statusCode = 0, headers } = response;
      if (!REDIRECTS.has(statusCode)) return await pictureOf(response, options.maxBytes);
      url = permitted(options, headers.location ?? "", url);
    } finally {
      response.destroy();
    }
  }
  throw new Unfetchable("redirects");
}

/** @throws {Unfetchable} it is no address, speaks another protocol, names a port, or carries a name or password. */
function permitted({ also = {} }: SafeFetchOptions, address: string, base?: URL): URL {
  if (!URL.canParse(address, base)) throw new Unfetchable("refused");
  const url = new URL(address, base);
  const isProtocol = url.protocol === "https:" || (also.http === true && url.protocol === "http:");
  const isPort = url.port === "" || also.anyPort === true;
  if (!isProtocol || !isPort || url.username || url.password) throw new Unfetchable("refused");
  return url;
}

async function get(options: SafeFetchOptions, url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  const { resolve = resolveAll, also = {} } = options;
  const isPermitted = (address: string) => isPublicAddress(address) || also.address?.(address) === true;
  // The parser has already made 127.0.0.1 of 0x7f.1 and 2130706433.
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(host) ? [host] : await raced(resolve(host), signal);
  // A Lambda has no way out by IPv6.
  const first = addresses.find(isIPv4) ?? addresses[0];
  if (!first || !addresses.every(isPermitted)) throw new Unfetchable("refused");

  const pinned: LookupFunction = (_, { all }, answer) => {
    const family = isIP(first);
    if (all) answer(null, [{ address: first, family }]);
    else answer(null, first, family);
  };
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((answered, failed) => {
    request(url, {
      agent: false,
      lookup: pinned,
      signal,
      headers: { accept: "image/*", "accept-encoding": "identity", "user-agent": "ImgPilot/1" },
    })
      .once("response", (response) => {
        // What the kernel says is the last word.
        if (isPermitted(plain(response.socket.remoteAddress ?? ""))) return answered(response);
        response.destroy();
        failed(new Unfetchable("refused"));
      })
      .on("error", failed)
      .end();
  });
}

async function pictureOf(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const { statusCode, headers } = response;
  if (statusCode !== 200) throw new Unfetchable("status");
  // We asked for none: what is packed all the same is not unpacked, so no bomb goes off.
  if ((headers["content-encoding"] ?? "identity") !== "identity") throw new Unfetchable("not_an_image");
  if (Number(headers["content-length"] ?? 0) > maxBytes) throw new Unfetchable("too_large");
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Unfetchable("too_large");
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (!signatureOf(bytes)) throw new Unfetchable("not_an_image");
  return bytes;
}

const resolveAll = async (hostname: string): Promise<string[]> =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/** A look-up cannot be called off, but nobody has to wait for it. */
function raced<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    if (signal.aborted) abort();
  });
}

/** An IPv4 peer as a dual-stack socket may show it. */
const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, "");
