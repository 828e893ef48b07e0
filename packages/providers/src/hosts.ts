/** Null for what is no URL, carries a user's name, or is not permitted. */
export function permittedUrl(address: string, isPermitted: (url: URL) => boolean): URL | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return !url.username && !url.password && isPermitted(url) ? url : null;
}

/** Whether this is a host of `domain`, or the domain itself, over https and on its own port. */
export const isHostOf = (domain: string, { protocol, port, hostname }: URL): boolean =>
  protocol === "https:" && port === "" && (hostname === domain || hostname.endsWith(`.${domain}`));
