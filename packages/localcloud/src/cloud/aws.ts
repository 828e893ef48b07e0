import path from "node:path";
import type { Assembly } from "../assembly/model.ts";
import { bindEnvironment, calledFunctions } from "../assembly/read-assembly.ts";
import { createEdge } from "../edge/edge.ts";
import { LocalCloudError } from "../errors.ts";
import { Deliveries } from "../events/deliveries.ts";
import { createEventBus } from "../events/event-bus.ts";
import { Scheduler } from "../events/scheduler.ts";
import { type Api, createApi } from "../gateway/api.ts";
import { startGateway } from "../gateway/gateway.ts";
import { createLambda, type Lambda } from "../lambda/lambda.ts";
import { openDatabase } from "../states/database.ts";
import { Engine } from "../states/engine.ts";
import { startAwsApi } from "./aws-api.ts";
import { awsEnvironment, bindingsOf } from "./bindings.ts";
import type { Services } from "./services.ts";
import type { Environment, VendorBindings } from "./vendors.ts";

type Options = {
  readonly dir: string;
  readonly port: number;
  readonly log: (line: string) => void;
  readonly env?: Environment;
};
type Parts = { readonly assembly: Assembly; readonly services: Services; readonly vendors: VendorBindings };

const MAIL_FROM = "ImgPilot <mail@imgpilot.test>";

/**
 * Runs what AWS would: functions, state machines, events, schedules and the HTTP API. Addresses are known once they are
 * listened on, and functions read theirs when they are first loaded, so everything listens before anything is loaded.
 */
export async function startAws(options: Options, parts: Parts, cleanup: AsyncDisposableStack) {
  const { assembly, services, vendors } = parts;
  let environment: (spec: Assembly["functions"][number]) => Record<string, string> = () => ({});
  const lambda = createLambda({
    functions: assembly.functions,
    environmentOf: (spec) => environment(spec),
    logDir: path.join(options.dir, "logs"),
    log: options.log,
  });
  cleanup.defer(() => lambda.close());
  const { engine, deliveries, scheduler } = openEngines(options, assembly, lambda, cleanup);
  const api = await startAwsApi({ engine, lambda, scheduler });
  cleanup.defer(() => api.stop());
  if (!assembly.api) throw new LocalCloudError("The assembly has no HTTP API to serve.");
  const httpApi = createApi({ api: assembly.api, account: assembly.account, invoke: lambda.invoke });
  const gateway = await startGateway(options.port, behindEdge(assembly, httpApi));
  cleanup.defer(() => gateway.stop());

  const site = { url: `http://localhost:${gateway.port}`, mailFrom: options.env?.MAIL_FROM ?? MAIL_FROM };
  const bindings = bindingsOf(services, vendors, site);
  environment = (spec) => ({ ...awsEnvironment(api.url), ...bindEnvironment(spec, bindings) });
  options.log("Loading functions ...");
  const [problem] = await lambda.warm(calledFunctions(assembly));
  if (problem) throw new LocalCloudError(`Function ${problem.name} cannot be loaded: ${problem.problem}`);

  const lost = engine.abortLost();
  if (lost > 0) options.log(`${lost} execution(s) that were running when the last cloud ended are ABORTED.`);
  deliveries.start();
  scheduler.start();
  const [machine] = assembly.stateMachines;
  if (!machine) throw new LocalCloudError("The assembly has no state machine to run.");
  return { gateway: site.url, aws: api.url, stateMachineArn: machine.arn };
}

/** The engine and what its events lead to, on one file; nothing moves before `start`. */
function openEngines(
  { dir, log }: Options,
  { stateMachines, rules, account, region }: Assembly,
  { invoke }: Lambda,
  cleanup: AsyncDisposableStack,
) {
  const database = openDatabase(path.join(dir, "executions.sqlite"));
  cleanup.defer(() => database.close());
  const deliveries = new Deliveries({ database, invoke, log });
  const { publish } = createEventBus(rules, deliveries);
  const engine = new Engine({ machines: stateMachines, database, invoke, publish });
  const scheduler = new Scheduler({ rules, account, region, invoke, log });
  cleanup.defer(() => {
    scheduler.stop();
    deliveries.stop();
    engine.close();
  });
  return { engine, deliveries, scheduler };
}

/** The CDN in front of the API, where the assembly has one. */
const behindEdge = ({ distribution }: Assembly, api: Api): Api =>
  distribution ? createEdge(distribution, api) : api;
