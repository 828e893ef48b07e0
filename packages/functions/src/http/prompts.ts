import type { ChatRoute } from "@imgpilot/contract/chat-routes";
import { Prompts, Unanswered } from "@imgpilot/core/prompts";
import type { Chat } from "@imgpilot/core/prompts/chat";
import type { RemoteImages } from "@imgpilot/core/prompts/remote-images";
import { logger } from "../middleware/logger.ts";
import { DoorRefusal } from "../middleware/problem.ts";
import { noun, type Services } from "../middleware/route.ts";
import { chat } from "../parts/chat.ts";
import { contextOf } from "../parts/context.ts";
import { images } from "../parts/images.ts";
import { limits } from "../parts/limits.ts";
import { objects } from "../parts/objects.ts";
import { remoteImages } from "../parts/remote-images.ts";
import { signedIn } from "../parts/sessions.ts";
import { siteUrl } from "../parts/site.ts";

type Ports = {
  readonly chat: (name: ChatRoute["provider"]) => Promise<Chat>;
  readonly remoteImages: RemoteImages;
};

/** Help with prompts: proposals for those that are written, and prompts for pictures. */
export const prompts = (services: Services, { chat, remoteImages }: Ports) =>
  noun(services, {
    improvePrompt: async ({ ctx: { report }, body }) => ({
      body: await told("improve", Prompts.improve({ report, chat }, body)),
    }),

    describeImage: async ({ ctx: { db, objects, images, report }, person, body }) => ({
      body: await told(
        "describe",
        Prompts.describe({ db, objects, images, report, chat, remoteImages }, person.accountId, body),
      ),
    }),
  });

/** The log has who answered and what it cost, and nothing of what was asked or answered. */
async function told<Answer>(
  task: string,
  asked: Promise<{ answer: Answer; account: Prompts.Account }>,
): Promise<Answer> {
  try {
    const { answer, account } = await asked;
    logger.info("prompt.answered", { task, ...account });
    return answer;
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    throw new DoorRefusal(error.code, { "retry-after": String(error.retryAfterSeconds) }, error.message);
  }
}

export const handler = prompts(
  { context: contextOf({ objects, images }), limits, siteUrl, signedIn },
  { chat, remoteImages },
);
