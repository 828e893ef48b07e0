import { Api as HttpApi, type Stack, type StackContext } from "sst/constructs";
import { lambda, type Need } from "./lambda.ts";
import { setting } from "./settings.ts";
import { storage } from "./storage.ts";
import { HTTP_SECONDS } from "./times.ts";
import { vendors } from "./vendors.ts";
import { executions } from "./workflow.ts";

/**
 * The HTTP surface (api.md): one Lambda a noun, every route by name. What else is asked of `/api` reaches the catalogue's
 * Lambda, which answers in our words that there is nothing at the address; whatever is no file of the site reaches the
 * site's Lambda, which makes pages on demand: `/share/<id>`, and not found.
 */
export function Api({ stack }: StackContext) {
  const api = new HttpApi(stack, "http", {
    accessLog: { retention: "one_month" },
    // Pages and API share one origin.
    cors: false,
    defaults: { throttle: { burst: 200, rate: 100 } },
    routes: routesTo(functions(stack)),
  });
  stack.addOutputs({ ApiUrl: api.url });
  return { api };
}

function functions(stack: Stack) {
  const { database, cache, objects } = storage(stack);
  const { sessions, mail, chat } = vendors(stack);
  const site = { environment: { SITE_URL: setting(stack, "SITE_URL") } };
  const seconds = HTTP_SECONDS;
  const noun = (name: string, needs: Need[]) =>
    lambda(stack, `http-${name}`, {
      file: `http/${name}`,
      seconds,
      needs: [site, database, cache, ...needs],
    });
  return {
    catalogue: noun("catalogue", [objects, executions(stack, "describe")]),
    auth: noun("auth", [sessions, mail]),
    uploads: noun("uploads", [sessions, objects]),
    generations: noun("generations", [sessions, objects, executions(stack, "start", "stop", "describe")]),
    credits: noun("credits", [sessions]),
    shares: noun("shares", [sessions, objects]),
    drafts: noun("drafts", []),
    status: noun("status", []),
    mail: noun("mail", [sessions]),
    prompts: lambda(stack, "http-prompts", {
      file: "http/prompts",
      seconds,
      memoryMegabytes: 1_024,
      needs: [site, database, cache, sessions, objects, chat],
      drawsOnSharp: true,
    }),
    pages: lambda(stack, "site", { handler: "site/dist/server/entry.handler", seconds, needs: [site] }),
  };
}

const routesTo = (to: ReturnType<typeof functions>) => ({
  "GET /api/health": { function: to.catalogue },
  "GET /api/models": { function: to.catalogue },
  "GET /api/openapi.json": { function: to.catalogue },
  "ANY /api/{proxy+}": { function: to.catalogue },
  $default: { function: to.pages },
  "ANY /api/auth/{proxy+}": { function: to.auth },
  "POST /api/uploads": { function: to.uploads },
  "POST /api/quotes": { function: to.generations },
  "POST /api/generations": { function: to.generations },
  "GET /api/generations": { function: to.generations },
  "GET /api/generations/{id}": { function: to.generations },
  "POST /api/generations/{id}/cancel": { function: to.generations },
  "POST /api/generations/{id}/images/{n}/retry": { function: to.generations },
  "DELETE /api/generations/{id}": { function: to.generations },
  "GET /api/credits": { function: to.credits },
  "GET /api/credits/entries": { function: to.credits },
  "PUT /api/generations/{id}/images/{n}/share": { function: to.shares },
  "DELETE /api/generations/{id}/images/{n}/share": { function: to.shares },
  "GET /api/shares/{id}": { function: to.shares },
  "GET /api/shares/{id}/image": { function: to.shares },
  "POST /api/drafts": { function: to.drafts },
  "GET /api/drafts/{id}": { function: to.drafts },
  "POST /api/prompts/improve": { function: to.prompts },
  "POST /api/prompts/describe": { function: to.prompts },
  "GET /api/status": { function: to.status },
  "ANY /api/mail/unsubscribe": { function: to.mail },
});
