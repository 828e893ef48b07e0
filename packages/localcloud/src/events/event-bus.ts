import type { RuleSpec } from "../assembly/model.ts";
import type { CloudEvent } from "../states/status-event.ts";
import type { Deliveries } from "./deliveries.ts";
import { checkPattern, matches } from "./pattern.ts";

/**
 * EventBridge in small: hands every event to the targets of the rules whose pattern it matches.
 * @throws LocalCloudError at once, when a pattern asks for something that is not matched here
 */
export function createEventBus(rules: readonly RuleSpec[], deliveries: Pick<Deliveries, "add">) {
  const byPattern = rules.flatMap((rule) => (rule.pattern ? [{ ...rule, pattern: rule.pattern }] : []));
  for (const rule of byPattern) checkPattern(rule.name, rule.pattern);
  return {
    publish: (event: CloudEvent): void => {
      for (const rule of byPattern.filter(({ pattern }) => matches(pattern, event))) {
        for (const target of rule.targets) {
          deliveries.add(rule.name, target.functionArn, target.input ?? JSON.stringify(event));
        }
      }
    },
  };
}
