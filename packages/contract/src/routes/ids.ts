import { z } from "zod";

export const OneId = z.object({ id: z.string().regex(/^[0-9A-Za-z_-]{1,64}$/) });

/** Images are counted from 0, as in a generation's list. */
export const OneImage = OneId.extend({ n: z.string().regex(/^[0-3]$/) });
