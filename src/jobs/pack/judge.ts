import { startOf } from '../../facts/start/index.ts';
import type { Chosen } from './choose.ts';
import type { StaticVerdict } from './types.ts';

/** Whether the packed program would start, judged without running it. */
export async function judge({ packed, process, platform }: Chosen): Promise<StaticVerdict> {
  const { starts, cause, missing, says } = await startOf(packed, process, { platform });
  return { starts, cause, missing, says };
}
