import http from "node:http";
import { previewPage, previewsPage } from "./mail-previews.ts";
import { inboxPage, mailPage } from "./mailbox-pages.ts";
import { MailboxStore, type NewMail, type StoredMail } from "./mailbox-store.ts";
import { listen, serve } from "./service-entry.ts";

const BODY_MAX_BYTES = 5_000_000;
const RECIPIENTS_MAX = 50;
const KEY_MAX_CHARACTERS = 256;

type Answer = { readonly status: number; readonly body: unknown };
const refusal = (status: number, name: string, message: string): Answer => ({
  status,
  body: { statusCode: status, name, message },
});

serve(async ({ dir, port }: { dir: string; port: number }) => {
  const store = new MailboxStore(dir);
  const server = http.createServer((request, response) => void answer(store, request, response));
  const taken = await listen(server, port);
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${taken}`, close };
});

async function answer(store: MailboxStore, request: http.IncomingMessage, response: http.ServerResponse) {
  // Mails hold sign-in links: no page from elsewhere may reach them by pointing its own name at this address.
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? "")) {
    response.writeHead(421).end();
    return;
  }
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  if (request.method === "GET" && (pathname === "/" || /^\/(inbox|previews)(\/|$)/.test(pathname))) {
    return page(response, pathname === "/" ? "/inbox" : pathname, store);
  }
  const { status, body } = await api(store, request, pathname).catch((error: Error) =>
    refusal(500, "internal_server_error", error.message),
  );
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function page(response: http.ServerResponse, pathname: string, store: MailboxStore): void {
  const html = pathname.startsWith("/previews") ? preview(pathname) : inbox(pathname, store);
  if (html === null) return void response.writeHead(404).end("There is no such mail");
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy":
      "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; frame-src 'self'",
  });
  response.end(html);
}

function inbox(pathname: string, store: MailboxStore): string | null {
  const id = pathname.slice("/inbox/".length);
  if (!id) return inboxPage(store.newestFirst());
  const mail = store.find(id);
  return mail ? mailPage(mail) : null;
}

/** `/previews`, and `/previews/<letter>/<locale>`. */
function preview(pathname: string): string | null {
  const [name = "", locale = ""] = pathname.slice("/previews/".length).split("/");
  return name ? previewPage(name, locale) : previewsPage();
}

async function api(store: MailboxStore, request: http.IncomingMessage, pathname: string): Promise<Answer> {
  if (!/^Bearer \S/i.test(request.headers.authorization ?? ""))
    return refusal(401, "missing_api_key", "Missing API key");
  const route = `${request.method} ${pathname.replace(/^\/emails\/[^/]+$/, "/emails/:id")}`;
  if (route === "POST /emails") return take(store, request);
  if (route === "GET /emails") {
    return { status: 200, body: { object: "list", has_more: false, data: store.newestFirst().map(summary) } };
  }
  if (route === "GET /emails/:id") {
    const mail = store.find(pathname.slice("/emails/".length));
    return mail
      ? { status: 200, body: { object: "email", ...summary(mail), html: mail.html, text: mail.text } }
      : notFound;
  }
  return notFound;
}

const notFound = refusal(404, "not_found", "Not found");

const summary = ({ id, to, from, subject, createdAt }: StoredMail) => ({
  id,
  to,
  from,
  created_at: createdAt,
  subject,
  bcc: null,
  cc: null,
  reply_to: null,
  last_event: "delivered",
  scheduled_at: null,
});

async function take(store: MailboxStore, request: http.IncomingMessage): Promise<Answer> {
  const key = request.headers["idempotency-key"]?.toString() ?? null;
  if (key !== null && (key.length < 1 || key.length > KEY_MAX_CHARACTERS)) {
    return refusal(
      400,
      "invalid_idempotency_key",
      `The key must be 1 to ${KEY_MAX_CHARACTERS} characters long`,
    );
  }
  const mail = parse(await read(request));
  if (typeof mail === "string") return refusal(422, "validation_error", mail);
  const id = store.add(mail, key);
  if (id) return { status: 200, body: { id } };
  return refusal(409, "invalid_idempotent_request", "The idempotency key was used with another body");
}

/** The mail, or what is wrong with it. */
function parse(body: unknown): NewMail | string {
  if (typeof body !== "object" || body === null) return "The body must be a JSON object";
  const { from, to, subject, html, text, headers } = body as Record<string, unknown>;
  if (typeof from !== "string" || !isAddress(from)) return "Invalid `from` field";
  const recipients = Array.isArray(to) ? to : [to];
  const isTo = recipients.length > 0 && recipients.length <= RECIPIENTS_MAX && recipients.every(isAddress);
  if (!isTo) return "Invalid `to` field";
  if (typeof subject !== "string" || subject === "") return "Missing `subject` field";
  if (typeof html !== "string" && typeof text !== "string") return "Missing `html` or `text` field";
  const named = typeof headers === "object" && headers !== null ? (headers as Record<string, string>) : {};
  const part = (value: unknown) => (typeof value === "string" ? value : null);
  return { from, to: recipients, subject, html: part(html), text: part(text), headers: named };
}

/** `name@example.com` or `Name <name@example.com>` */
const isAddress = (value: unknown): value is string =>
  typeof value === "string" && /^(?:[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(value);

async function read(request: http.IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > BODY_MAX_BYTES) return null;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return null;
  }
}
