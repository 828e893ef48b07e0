import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { createSafeFetch, type SafeFetchOptions } from "./safe-fetch.ts";

/** Guards that nobody reaches our network, or fills our memory, by the address of a picture. */
let png: Buffer;
beforeAll(async () => {
  png = await sharp({ create: { width: 8, height: 8, channels: 3, background: "#aa3311" } })
    .png()
    .toBuffer();
});

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A server on this machine; its port, and the requests that reached it. */
async function serve(answer: RequestListener, address = "127.0.0.1") {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.headers.host} ${request.url}`);
    answer(request, response);
  });
  servers.push(server);
  server.listen(0, address);
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, seen, server };
}

const LOCAL = { http: true, anyPort: true, address: (address: string) => address === "127.0.0.1" };
const here = (more: Partial<SafeFetchOptions> = {}) =>
  createSafeFetch({ maxBytes: 100_000, maxMilliseconds: 5_000, also: LOCAL, ...more });
const endOf = (address: string, images = here()) =>
  images.fetch(address, AbortSignal.timeout(10_000)).then(
    (bytes) => `${bytes.byteLength} bytes`,
    (error: { name: string; reason: string }) => `${error.name}: ${error.reason}`,
  );
const REFUSED = "image.unfetchable: refused";

describe("without anything let through beside the public internet", () => {
  const strict = (resolve?: SafeFetchOptions["resolve"]) =>
    createSafeFetch({ maxBytes: 100, maxMilliseconds: 2_000, ...(resolve ? { resolve } : {}) });

  test.each([
    "http://1.1.1.1/a.png",
    "https://1.1.1.1:8443/a.png",
    "https://user@1.1.1.1/a.png",
    "https://user:secret@1.1.1.1/a.png",
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://0x7f.1/",
    "https://127.1/",
    "https://127.0.0.1./",
    "https://１２７.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[fd00:ec2::254]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://localhost/",
    "file:///etc/passwd",
    "data:image/png;base64,iVBORw0KGgo=",
    "ftp://1.1.1.1/a.png",
    "gopher://1.1.1.1/",
    "no address",
    "",
  ])("%s is refused", async (address) => {
    expect(
      await endOf(
        address,
        strict(async () => ["127.0.0.1"]),
      ),
    ).toBe(REFUSED);
  });

  test("a name is refused as soon as one of its addresses is not public", async () => {
    const images = strict(async () => ["1.1.1.1", "10.0.0.1"]);
    expect(await endOf("https://two-faced.example/", images)).toBe(REFUSED);
  });

  test("a name that does not resolve, or to nothing, is refused alike: nobody maps our network", async () => {
    const unknown = strict(() => Promise.reject(new Error("ENOTFOUND")));
    expect(await endOf("https://unknown.example/", unknown)).toBe(REFUSED);
    expect(
      await endOf(
        "https://empty.example/",
        strict(async () => []),
      ),
    ).toBe(REFUSED);
  });
});

describe("a server inside is not even connected to", () => {
  /** 127.0.0.1 is inside; 127.0.0.2, which is let through, stands for the public internet. */
  const outside = { http: true, anyPort: true, address: (address: string) => address === "127.0.0.2" };
  async function insider() {
    const inside = await serve((_, response) => response.end(png));
    let connections = 0;
    inside.server.on("connection", () => {
      connections += 1;
    });
    return { port: inside.port, connections: () => connections };
  }

  test.each([
    "127.0.0.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
    "[::ffff:127.0.0.1]",
    "localhost",
    "inside.example",
  ])("at %s", async (host) => {
    const { port, connections } = await insider();
    const images = here({ also: outside, resolve: async () => ["127.0.0.1"] });
    expect(await endOf(`http://${host}:${port}/`, images)).toBe(REFUSED);
    expect(connections()).toBe(0);
  });

  test("by a name that has an address outside too: not even that is asked", async () => {
    const { port, seen } = await serve((_, response) => response.end(png), "127.0.0.2");
    for (const addresses of [
      ["127.0.0.2", "127.0.0.1"],
      ["127.0.0.1", "127.0.0.2"],
    ]) {
      const images = here({ also: outside, resolve: async () => addresses });
      expect(await endOf(`http://two-faced.example:${port}/`, images)).toBe(REFUSED);
    }
    expect(seen).toEqual([]);
  });

  test.each(["127.0.0.1", "2130706433", "[::ffff:7f00:1]", "inside.example"])(
    "by a redirect to %s",
    async (host) => {
      const { port, connections } = await insider();
      const location = `http://${host}:${port}/`;
      const door = await serve((_, response) => response.writeHead(302, { location }).end(), "127.0.0.2");
      const images = here({ also: outside, resolve: async () => ["127.0.0.1"] });
      expect(await endOf(`http://127.0.0.2:${door.port}/`, images)).toBe(REFUSED);
      expect(door.seen).toHaveLength(1);
      expect(connections()).toBe(0);
    },
  );
});

test("a redirect that brings a name and password along is not followed", async () => {
  const { port, seen } = await serve(({ headers, url }, response) => {
    if (url === "/b") response.end(png);
    else response.writeHead(302, { location: `http://user:secret@${headers.host}/b` }).end();
  });
  expect(await endOf(`http://127.0.0.1:${port}/a`)).toBe(REFUSED);
  expect(seen).toHaveLength(1);
});

test("a name that answers public first and private second is asked once, and its first answer connected to", async () => {
  const inside = await serve((_, response) => response.end(png));
  const answers = [["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]];
  let asked = 0;
  const images = here({ resolve: async () => answers[asked++] ?? [] });
  // 127.0.0.1 stands for the public address here, being let through; 10.0.0.1 is not.
  expect(await endOf(`http://rebinding.example:${inside.port}/a.png`, images)).toBe(`${png.length} bytes`);
  expect(asked).toBe(1);
  expect(inside.seen).toEqual([`rebinding.example:${inside.port} /a.png`]);
});

test("and where a redirect has it asked again, the second answer is looked at like the first", async () => {
  const inside = await serve((_, response) => response.writeHead(302, { location: "/b.png" }).end());
  let asked = 0;
  const images = here({ resolve: async () => (asked++ === 0 ? ["127.0.0.1"] : ["10.0.0.1"]) });
  expect(await endOf(`http://rebinding.example:${inside.port}/a.png`, images)).toBe(REFUSED);
  expect(inside.seen).toHaveLength(1);
});

describe("redirects", () => {
  test.each([
    "http://169.254.169.254/latest/meta-data/",
    "https://169.254.169.254/latest/meta-data/",
    "http://[::ffff:169.254.169.254]/",
    "http://2852039166/",
    "//10.0.0.1/",
    "file:///etc/passwd",
    "http://user:secret@127.0.0.1/",
  ])("to %s are refused", async (location) => {
    const { port } = await serve((_, response) => response.writeHead(302, { location }).end());
    expect(await endOf(`http://127.0.0.1:${port}/`)).toBe(REFUSED);
  });

  test("three are followed, a fourth is not, and one without an address leads nowhere", async () => {
    const { port, seen } = await serve(({ url = "" }, response) => {
      const left = Number(url.slice(1));
      if (left > 0) response.writeHead(307, { location: `/${left - 1}` }).end();
      else if (left === 0) response.end(png);
      else response.writeHead(302).end();
    });
    expect(await endOf(`http://127.0.0.1:${port}/3`)).toBe(`${png.length} bytes`);
    expect(await endOf(`http://127.0.0.1:${port}/4`)).toBe("image.unfetchable: redirects");
    expect(seen).toHaveLength(8);
    expect(await endOf(`http://127.0.0.1:${port}/-1`)).toMatch(/redirects|refused/);
  });
});

describe("bodies", () => {
  test("that are larger than promised, or than permitted, are not read to their end", async () => {
    let written = 0;
    const { port } = await serve(({ url }, response) => {
      if (url === "/told") response.writeHead(200, { "content-length": "200000" });
      const more = () => {
        if (response.destroyed || written > 50_000_000) return;
        written += 65_536;
        if (response.write(Buffer.alloc(65_536, 1))) setImmediate(more);
        else response.once("drain", more);
      };
      more();
    });
    expect(await endOf(`http://127.0.0.1:${port}/told`)).toBe("image.unfetchable: too_large");
    expect(await endOf(`http://127.0.0.1:${port}/untold`)).toBe("image.unfetchable: too_large");
    expect(written).toBeLessThan(50_000_000);
  });

  test("that drip, and servers that say nothing, are left when the time is up", async () => {
    const { port } = await serve(({ url }, response) => {
      if (url === "/silent") return;
      response.write(png.subarray(0, 20));
      const drip = setInterval(() => response.write("x"), 20);
      response.once("close", () => clearInterval(drip));
    });
    const images = here({ maxMilliseconds: 300 });
    for (const path of ["/drip", "/silent"]) {
      const began = performance.now();
      expect(await endOf(`http://127.0.0.1:${port}${path}`, images)).toBe("image.unfetchable: too_slow");
      expect(performance.now() - began).toBeLessThan(2_000);
    }
  });

  test("a resolver that hangs takes no longer than that either", async () => {
    const images = here({ maxMilliseconds: 200, resolve: () => new Promise(() => {}) });
    expect(await endOf("http://slow.example/", images)).toBe("image.unfetchable: too_slow");
  });

  test("a gzip bomb is not unpacked, and nothing packed was asked for", async () => {
    let accepted: string | string[] | undefined;
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const { port } = await serve(({ headers }, response) => {
      accepted = headers["accept-encoding"];
      response.writeHead(200, { "content-encoding": "gzip", "content-type": "image/png" }).end(bomb);
    });
    expect(await endOf(`http://127.0.0.1:${port}/`)).toBe("image.unfetchable: not_an_image");
    expect(accepted).toBe("identity");
  });

  test.each([
    ["a page that says it is a picture", "<html></html>", "image/png"],
    ["an SVG, which can fetch and run", '<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"],
    ["a GIF", "GIF89a", "image/gif"],
    ["nothing", "", "image/png"],
  ])("%s is not taken for one", async (_, body, type) => {
    const { port } = await serve((_, response) =>
      response.writeHead(200, { "content-type": type }).end(body),
    );
    expect(await endOf(`http://127.0.0.1:${port}/`)).toBe("image.unfetchable: not_an_image");
  });

  test("a picture that says it is text is taken for what it is", async () => {
    const { port } = await serve((_, response) =>
      response.writeHead(200, { "content-type": "text/plain" }).end(png),
    );
    expect(await endOf(`http://127.0.0.1:${port}/`)).toBe(`${png.length} bytes`);
  });

  test.each([404, 403, 500, 204, 206, 304])("status %i is no picture", async (status) => {
    const { port } = await serve((_, response) => response.writeHead(status).end(status === 404 ? png : ""));
    expect(await endOf(`http://127.0.0.1:${port}/`)).toBe("image.unfetchable: status");
  });

  test("a connection that is cut is refused and not a fault of ours", async () => {
    const { port } = await serve(({ socket }) => socket.destroy());
    expect(await endOf(`http://127.0.0.1:${port}/`)).toBe(REFUSED);
  });
});

test("nothing of ours goes along: no cookie, no credential, no referrer", async () => {
  let sent: string[] = [];
  const { port } = await serve(({ headers }, response) => {
    sent = Object.keys(headers).sort();
    response.end(png);
  });
  await endOf(`http://127.0.0.1:${port}/`);
  expect(sent).toEqual(["accept", "accept-encoding", "connection", "host", "user-agent"]);
});
