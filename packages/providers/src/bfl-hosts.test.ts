import { describe, expect, test } from "vitest";
import { createBfl } from "./bfl.ts";
import { failureOf, signal } from "./test-calls.ts";

const KEY = "bfl-a-key-that-must-not-leak";

describe("where the key goes", () => {
  type Sent = { url: string; key: string | null };
  /** The internet as BFL would make it look, to see who is shown the key. */
  function internet(replies: Record<string, () => Response>) {
    const sent: Sent[] = [];
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const url = String(input);
      sent.push({ url, key: new Headers(init?.headers).get("x-key") });
      expect(init?.redirect).toBe("manual");
      return replies[url]?.() ?? new Response("", { status: 404 });
    };
    return { sent, provider: createBfl({ baseUrl: "https://api.bfl.ai", apiKey: KEY, fetch }) };
  }
  const PNG = Buffer.from("89504e470d0a1a0a", "hex");
  const ready = (sample: string) => () => Response.json({ id: "1", status: "Ready", result: { sample } });
  const POLLING = "https://api.us1.bfl.ai/v1/get_result?id=1";

  test("to a regional host of BFL's, and not to the store that its pictures lie in", async () => {
    const sample = "https://results.blob.core.windows.net/1.png";
    const { sent, provider } = internet({ [POLLING]: ready(sample), [sample]: () => new Response(PNG) });
    expect(await provider.poll(POLLING, signal())).toMatchObject({ state: "drawn" });
    expect(sent).toEqual([
      { url: POLLING, key: KEY },
      { url: sample, key: null },
    ]);
  });

  test("not to where BFL's own delivery host sends us on to", async () => {
    const first = "https://delivery.bfl.ai/1.png";
    const second = "https://cdn.example.com/1.png";
    const moved = () => new Response(null, { status: 302, headers: { location: second } });
    const { sent, provider } = internet({
      [POLLING]: ready(first),
      [first]: moved,
      [second]: () => new Response(PNG),
    });
    expect(await provider.poll(POLLING, signal())).toMatchObject({ state: "drawn" });
    expect(sent.map(({ key }) => key)).toEqual([KEY, KEY, null]);
  });

  test.each(["http://169.254.169.254/latest", "http://localhost:9001/", "file:///etc/passwd"])(
    "and nobody is led to %s, neither by an answer nor by a redirect nor by a handle",
    async (url) => {
      const first = "https://delivery.bfl.ai/1.png";
      const moved = () => new Response(null, { status: 302, headers: { location: url } });
      for (const replies of [{ [POLLING]: ready(url) }, { [POLLING]: ready(first), [first]: moved }]) {
        const { sent, provider } = internet(replies);
        expect(await failureOf(provider.poll(POLLING, signal()))).toMatchObject({
          reason: "untrusted_host",
          final: true,
        });
        expect(sent.map((request) => request.url)).not.toContain(url);
      }
      const { sent, provider } = internet({});
      expect(await failureOf(provider.poll(url, signal()))).toMatchObject({
        reason: "untrusted_host",
        final: true,
      });
      expect(sent).toEqual([]);
    },
  );
});
