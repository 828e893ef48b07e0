/**
 * The server's time as far as its answers tell. A computer whose clock is wrong would otherwise show elapsed seconds
 * that never were. `Date` headers carry whole seconds, so small differences are left alone.
 */
let offset = 0;
const TOLERANCE = 2_000;

export function hearDate(header: string | null): void {
  const told = header === null ? Number.NaN : Date.parse(header);
  if (Number.isNaN(told)) return;
  const difference = told - Date.now();
  offset = Math.abs(difference) > TOLERANCE ? difference : 0;
}

export const serverNow = () => Date.now() + offset;
