import { BodyTooLarge, type Listening, listen } from "../http/server.ts";
import { refusal } from "./api.ts";
import { type Answer, send } from "./function-response.ts";
import { type Incoming, receive } from "./incoming.ts";

/** Serves what answers requests: the HTTP API alone, or the edge in front of it. */
export function startGateway(
  port: number,
  answer: (incoming: Incoming) => Promise<Answer>,
): Promise<Listening> {
  return listen("the gateway", port, async (request, response) => {
    try {
      const answered = await answer(await receive(request));
      if (!response.destroyed) send(response, answered);
    } catch (error) {
      const tooLarge = error instanceof BodyTooLarge;
      // The rest of the body is not read, so the connection cannot be used again.
      if (tooLarge) response.setHeader("connection", "close");
      if (response.headersSent || response.destroyed) return;
      send(
        response,
        tooLarge ? refusal(413, "Request Entity Too Large") : refusal(500, "Internal Server Error"),
      );
      request.resume();
    }
  });
}
