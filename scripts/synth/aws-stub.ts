import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The account that the local stage belongs to; its ARNs carry it. */
const ACCOUNT = "000000000000";

/** What SST looks at to see that account and region are bootstrapped, which in a build is of no consequence. */
const BOOTSTRAPPED: Record<string, Record<string, string>> = {
  CDKToolkit: { BootstrapVersion: "28", BucketName: "bootstrapped-cdk" },
  SSTBootstrap: { Version: "7.4", BucketName: "bootstrapped-sst" },
};

/**
 * Answers the three questions that `sst build` has for AWS: who am I, and are these two stacks there? So a synthesis
 * needs neither an account nor a network. Anything else is refused by name, so that a new question is noticed.
 */
export async function startAwsStub(): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const question = new URLSearchParams(body);
      const xml = answer(question);
      response.writeHead(xml ? 200 : 501, { "content-type": "text/xml" });
      response.end(xml ?? refusal(question.get("Action")));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(question: URLSearchParams): string | null {
  if (question.get("Action") === "GetCallerIdentity") return identity;
  const stack = question.get("StackName") ?? "";
  const outputs = question.get("Action") === "DescribeStacks" && BOOTSTRAPPED[stack];
  return outputs ? described(stack, outputs) : null;
}

const identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
  <Arn>arn:aws:iam::${ACCOUNT}:user/local</Arn><UserId>local</UserId><Account>${ACCOUNT}</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

const described = (stack: string, outputs: Record<string, string>) =>
  `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
  <StackName>${stack}</StackName><CreationTime>2025-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>
  <Outputs>${Object.entries(outputs).map(output).join("")}</Outputs>
</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

const output = ([key, value]: [string, string]) =>
  `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`;

const refusal = (action: string | null) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>NotImplemented</Code><Message>${action}</Message></Error></ErrorResponse>`;
