/**
 * Counts something for an alarm: a line in CloudWatch's embedded metric format, which makes the metric
 * `ImgPilot/<name>` of the stage without a call.
 */
export function count(stage: string, name: string, value: number): void {
  const metrics = {
    Namespace: "ImgPilot",
    Dimensions: [["stage"]],
    Metrics: [{ Name: name, Unit: "Count" }],
  };
  console.log(
    JSON.stringify({ _aws: { Timestamp: Date.now(), CloudWatchMetrics: [metrics] }, stage, [name]: value }),
  );
}
