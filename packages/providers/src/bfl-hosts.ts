/** BFL's own hosts over https. The global one answers with regional ones; results lie on others, which are not its own. */
export const isBfl = ({ protocol, port, hostname }: URL): boolean =>
  protocol === "https:" && port === "" && (hostname === "bfl.ai" || hostname.endsWith(".bfl.ai"));

/** Null for what is no URL, carries a user's name, or is not permitted. */
export function permittedUrl(address: string, isPermitted: (url: URL) => boolean): URL | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return !url.username && !url.password && isPermitted(url) ? url : null;
}
