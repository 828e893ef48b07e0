import { LogFormatter, Logger, LogItem } from "@aws-lambda-powertools/logger";
import type { LogAttributes, UnformattedAttributes } from "@aws-lambda-powertools/logger/types";

/** Where errors of Drizzle, Postgres and ioredis repeat what they were called with: what people wrote is in it. */
const CONTENT = ["params", "parameters", "args", "detail", "where"];
/** And the same as Drizzle puts it into its error's message. */
const PARAMETERS = /\nparams: [\s\S]*?(?=\n {4}at |$)/;

/** Lines as CloudWatch Logs Insights reads them. Errors are told with their cause, but without a query's parameters. */
class Lines extends LogFormatter {
  override formatAttributes(given: UnformattedAttributes, more: LogAttributes): LogItem {
    const { lambdaContext } = given;
    const attributes = {
      level: given.logLevel,
      message: given.message,
      timestamp: this.formatTimestamp(given.timestamp),
      service: given.serviceName,
      cold_start: lambdaContext?.coldStart,
      function_name: lambdaContext?.functionName,
      function_request_id: lambdaContext?.awsRequestId,
      xray_trace_id: given.xRayTraceId,
    };
    return new LogItem({ attributes }).addAttributes(more);
  }

  override formatError(error: Error): LogAttributes {
    const told: Record<string, unknown> = super.formatError(error);
    for (const name of CONTENT) delete told[name];
    for (const part of ["message", "stack"])
      if (typeof told[part] === "string") told[part] = told[part].replace(PARAMETERS, "");
    return told as LogAttributes;
  }
}

/** Structured lines with the request's id. Ids, codes and times only: never a prompt, an address or a token. */
export const logger = new Logger({ serviceName: "imgpilot", logFormatter: new Lines() });
