import { type Client, createClient, type Input } from "@imgpilot/contract/client";
import type { Endpoints } from "@imgpilot/localcloud/cloud";
import { newestMail } from "@imgpilot/localcloud/services/read-mailbox";
import postgres from "postgres";
import { signIn } from "../shell/session.ts";

/** Somebody whose browser is signed in; `token` is what its cookie carries. */
export type Guest = { readonly token: string; readonly client: Client };

/** What there is to see: somebody who has made things, somebody who has not, two public pages, and a mail's link. */
export type Scene = {
  readonly maker: Guest;
  readonly newcomer: Guest;
  readonly shared: string;
  readonly gone: string;
  readonly confirm: string;
};

type Place = { readonly endpoints: Endpoints; readonly dir: string };
type Order = Input<"createGeneration">["body"];
type Wish = Pick<Order, "prompt" | "count" | "aspectRatio">;

const MADE: readonly Wish[] = [
  { prompt: "a paper boat on a still lake at dusk", count: 2, aspectRatio: "3:2" },
  { prompt: "terraced hills under a low winter sun, long shadows", count: 1, aspectRatio: "21:9" },
  { prompt: "a red fox in snow, first light", count: 4, aspectRatio: "1:1" },
];
const LIVE: Wish = { prompt: "a lighthouse in fog, long exposure", count: 4, aspectRatio: "4:5" };

/** Plays it: what is made for the pictures goes through the same doors as everything that people make. */
export async function setScene(place: Place): Promise<Scene> {
  const maker = await newGuest(place, "ann@imgpilot.test");
  const newcomer = await newGuest(place, "new@imgpilot.test");
  await giveCredits(place.endpoints, 180);
  const google = simulator(place.endpoints.simulators.google);
  await google([
    { name: "moderated-output", match: { promptIncludes: "red fox" } },
    { name: "slow", seconds: 600, times: 2, match: { promptIncludes: "lighthouse" } },
  ]);
  let last = "";
  for (const wish of MADE) last = await make(maker.client, wish);
  const pages = await sharePages(maker.client, last);
  return { maker, newcomer, ...pages, confirm: await confirmation(place.endpoints) };
}

/** Where the link of a sign-in mail leads to. */
async function confirmation({ gateway, mailbox }: Endpoints): Promise<string> {
  const email = "kim@imgpilot.test";
  const response = await fetch(`${gateway}/api/auth/sign-in/magic-link`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: gateway },
    body: JSON.stringify({ email, ageConfirmed: true }),
  });
  if (!response.ok) throw new Error(`No mail was sent: ${await response.text()}`);
  const mail = await newestMail(mailbox, email);
  return /\/api\/auth\/confirm\?\S+/.exec(mail?.text ?? "")?.[0] ?? "";
}

/** The public pages of two of its images, of which the second has been taken back. */
async function sharePages(client: Client, id: string): Promise<Pick<Scene, "shared" | "gone">> {
  const { images } = await client.getGeneration({ params: { id } });
  const pages: string[] = [];
  for (const { n, state } of images) {
    if (state !== "done" || pages.length === 2) continue;
    const params = { id, n: String(n) };
    pages.push(`/share/${(await client.shareImage({ params, body: {} })).id}`);
    if (pages.length === 2) await client.unshareImage({ params });
  }
  const [shared, gone] = pages;
  if (!shared || !gone) throw new Error("There are no two images to share");
  return { shared, gone };
}

/** Begins one more, of which half is there and half is still being made. */
export async function startLive({ client }: Guest): Promise<void> {
  const { id } = await order(client, LIVE);
  await until(async () => {
    const { images } = await client.getGeneration({ params: { id } });
    return images.filter(({ state }) => state === "done").length === 2;
  });
}

async function newGuest({ endpoints, dir }: Place, email: string): Promise<Guest> {
  const token = await signIn({ ...endpoints, dir }, email);
  const client = createClient({ baseUrl: endpoints.gateway, token });
  await client.getCredits({});
  return { token, client };
}

/** Welcome credits are soon spent; the ledger's own verb gives more to whoever came first. */
async function giveCredits({ database }: Endpoints, amount: number): Promise<void> {
  const sql = postgres(database, { max: 1, onnotice: () => {} });
  await sql`select credit_grant_add('grt_pictures', a.id, 'operator', 'pictures', 'promo', ${amount})
    from account a join auth_user u on u.id = a.user_id where u.email = 'ann@imgpilot.test'`;
  await sql.end();
}

function order(client: Client, wish: Wish) {
  const body: Order = { model: "nano-banana-2.1", maxCredits: 100, ...wish };
  return client.createGeneration({ body });
}

async function make(client: Client, wish: Wish): Promise<string> {
  const { id } = await order(client, wish);
  await until(async () => (await client.getGeneration({ params: { id } })).receipt.settledAt !== null);
  return id;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error("The scene for the pictures could not be set in 120 s");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Scripts what a provider's simulator does next. */
const simulator = (baseUrl: string) => async (behaviours: readonly object[]) => {
  const url = new URL("/_control/google", baseUrl);
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "PUT", headers, body: JSON.stringify(behaviours) });
  if (!response.ok) throw new Error(`The simulator refused: ${await response.text()}`);
};
