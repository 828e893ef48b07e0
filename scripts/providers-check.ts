import { existsSync } from "node:fs";
import { checkProviders } from "./providers/check.ts";

/** `npm run providers:check`: one call of each provider whose key is in the environment or in `.env`. It costs cents. */
if (existsSync(".env")) process.loadEnvFile(".env");
const works = await checkProviders(process.env, { log: console.log });
process.exitCode = works ? 0 : 1;
