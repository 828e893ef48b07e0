import type { BrowserContext, ConsoleMessage, Request, Response } from "playwright-core";

type Expected = { readonly status: number; readonly path: RegExp };

/**
 * Hears everything that goes wrong in any tab of a visitor: what is logged as an error, what is thrown, what the page's own
 * policy stops, and every answer that is a refusal or does not come.
 */
export function watch(context: BrowserContext) {
  const faults: string[] = [];
  const expected: Expected[] = [];
  const hearConsole = (message: ConsoleMessage) => {
    // Of what could not be loaded, the answer is heard itself.
    if (message.type() !== "error" || message.text().startsWith("Failed to load resource")) return;
    faults.push(`console: ${message.text()} (${message.location().url})`);
  };
  const hearResponse = (response: Response) => {
    const status = response.status();
    const { pathname } = new URL(response.url());
    if (status < 400 || expected.some((one) => one.status === status && one.path.test(pathname))) return;
    faults.push(`${response.request().method()} ${pathname}: ${status}`);
  };
  const hearFailure = (request: Request) => {
    const reason = request.failure()?.errorText;
    // What a page no longer waits for when it is left is no fault.
    if (reason !== "net::ERR_ABORTED") faults.push(`${request.method()} ${request.url()}: ${reason}`);
  };
  context.on("console", hearConsole);
  context.on("weberror", (thrown) => faults.push(`thrown: ${thrown.error().stack}`));
  context.on("response", hearResponse);
  context.on("requestfailed", hearFailure);
  return {
    faults: (): readonly string[] => faults,
    expect: (status: number, path: RegExp) => {
      expected.push({ status, path });
    },
  };
}
