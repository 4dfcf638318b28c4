import type { Rule } from './rule.ts';

/** All rules: those about the start, then those about what works less well. They are loaded when they are asked. */
export async function allRules(): Promise<readonly Rule[]> {
  return [...(await rulesOfStart()), ...(await rulesOfRunning())];
}

/** Why it does not start: asked where it does not. */
export const rulesOfStart = async (): Promise<readonly Rule[]> => (await import('./rules/start/index.ts')).startRules;

/** What works less well: asked of every image that can be unpacked. */
export async function rulesOfRunning(): Promise<readonly Rule[]> {
  const [{ systemRules }, { programRules }] = await Promise.all([
    import('./rules/system/index.ts'),
    import('./rules/program/index.ts'),
  ]);
  return [...systemRules, ...programRules];
}
