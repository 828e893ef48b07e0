import type { SSTConfig } from "sst";
import { Alarms } from "./stacks/alarms.ts";
import { Api } from "./stacks/api.ts";
import { Jobs } from "./stacks/jobs.ts";
import { Secrets } from "./stacks/secrets.ts";
import { Site } from "./stacks/site.ts";
import { Workflow } from "./stacks/workflow.ts";

export default {
  config: () => ({ name: "imgpilot", region: "eu-west-1" }),
  stacks(app) {
    app.setDefaultRemovalPolicy(app.stage === "production" ? "retain" : "destroy");
    app.stack(Secrets).stack(Workflow).stack(Api).stack(Jobs).stack(Site).stack(Alarms);
  },
} satisfies SSTConfig;
