import { BlockList, isIPv4, isIPv6 } from "node:net";

/** IPv4 that is not the public internet (IANA IPv4 Special-Purpose Address Registry), and multicast. */
const NOT_PUBLIC_V4 = blockList("ipv4", [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
  // Azure's metadata and DNS, which live on a public address.
  ["168.63.129.16", 32],
]);

/** Only this is given out as the public IPv6 internet, so mapped, local, unique and multicast addresses are not of it. */
const GLOBAL_V6 = blockList("ipv6", [["2000::", 3]]);
/** And in it, what tunnels to IPv4 or leads nowhere (IANA IPv6 Special-Purpose Address Registry). */
const NOT_PUBLIC_V6 = blockList("ipv6", [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["2620:4f:8000::", 48],
  ["3fff::", 20],
]);

/** Whether an IP address belongs to the public internet; anything that is no IP address does not. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !NOT_PUBLIC_V4.check(address, "ipv4");
  if (!isIPv6(address) || address.includes("%")) return false;
  return GLOBAL_V6.check(address, "ipv6") && !NOT_PUBLIC_V6.check(address, "ipv6");
}

function blockList(type: "ipv4" | "ipv6", subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of subnets) list.addSubnet(net, prefix, type);
  return list;
}
