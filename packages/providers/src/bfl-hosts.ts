import { isHostOf } from "./hosts.ts";

/** BFL's own hosts over https. The global one answers with regional ones; results lie on others, which are not its own. */
export const isBfl = (url: URL): boolean => isHostOf("bfl.ai", url);
