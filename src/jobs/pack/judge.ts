import type { Chosen } from './choose.ts';
import type { StaticVerdict } from './types.ts';

/** Whether the packed program would start, without running it: it does not when something is missing that it needs. */
export function judge({ needs }: Chosen): StaticVerdict {
  const missing = needs.missing.filter(({ level }) => level === 'needed');
  const [first] = missing;
  if (first === undefined) return { starts: 'yes', cause: null, missing: [], says: null };
  const by = first.because.by === undefined ? '' : `, which ${first.because.by} asks for,`;
  return {
    starts: 'no',
    cause: 'lib-missing',
    missing: missing.map(({ name }) => name),
    says: `${first.name}${by} is not there`,
  };
}
