import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import type { ObjectsOptions } from "./s3.ts";
import { listen, serve } from "./service-entry.ts";

type S3Server = { configureBuckets: () => Promise<unknown>; callback: () => http.RequestListener };
type S3Options = {
  silent: boolean;
  directory: string;
  vhostBuckets: boolean;
  allowMismatchedSignatures: boolean;
  configureBuckets: { name: string; configs: string[] }[];
};

// The package has neither types nor a way to set the credentials, except in its own account model.
const require = createRequire(import.meta.url);
const S3rver: new (options: S3Options) => S3Server = require("@20minutes/s3rver");
const accounts: { DUMMY_ACCOUNT: { createKeyPair: (id: string, secret: string) => void } } =
  require("@20minutes/s3rver/lib/models/account.js");

// It checks signatures with `encodeURIComponent`, which leaves five characters alone that SigV4 encodes (a download's name
// has them). This process does nothing else, so here the word may mean what SigV4 means.
const encode = globalThis.encodeURIComponent;
globalThis.encodeURIComponent = (part) =>
  encode(part).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

const CORS = `<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin>${["GET", "PUT", "HEAD"]
  .map((method) => `<AllowedMethod>${method}</AllowedMethod>`)
  .join("")}<AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader></CORSRule></CORSConfiguration>`;

serve(async (options: Required<ObjectsOptions>) => {
  fs.mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  accounts.DUMMY_ACCOUNT.createKeyPair(options.accessKeyId, options.secretAccessKey);
  const store = (allowMismatchedSignatures: boolean) =>
    new S3rver({
      silent: true,
      directory: options.dir,
      vhostBuckets: false,
      allowMismatchedSignatures,
      configureBuckets: [{ name: options.bucket, configs: [CORS] }],
    });
  const strict = store(false);
  await strict.configureBuckets();
  const server = http.createServer(front(strict.callback(), store(true).callback()));
  const port = await listen(server, options.port);
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
});

/** Puts right, in front of the store, what it does otherwise than R2. */
function front(strict: http.RequestListener, lenient: http.RequestListener): http.RequestListener {
  return (request, response) => {
    const url = request.url ?? "/";
    const signed = request.headers.authorization !== undefined || /[?&]X-Amz-Signature=/i.test(url);
    // The store serves unsigned reads; a private bucket does not (promise D3).
    if (!signed && request.method !== "OPTIONS")
      return refuse(response, 403, "AccessDenied", "Access Denied");
    const isForm = /^multipart\/form-data/i.test(request.headers["content-type"] ?? "");
    if (request.method === "POST" && isForm) {
      return refuse(response, 501, "NotImplemented", "Presigned POST forms are not implemented");
    }
    // The SDK signs "/bucket/", the store checks the signature of "/bucket". Only the bucket's own address differs so.
    const isBucket = /^\/[^/?]*\/?(?:\?|$)/.test(url);
    return (isBucket ? lenient : strict)(request, response);
  };
}

function refuse(response: http.ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { "content-type": "application/xml", "access-control-allow-origin": "*" });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
}
