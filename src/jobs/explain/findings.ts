import { isFault } from '../../kit/index.ts';
import type { Finding, Found, Rule, Scene, Severity } from './rule.ts';

const order: readonly Severity[] = ['blocks', 'degrades', 'notes'];

/** What the rules say of a scene: what blocks first, equal sentences once, else in the order of the rules. */
export async function findingsOf(scene: Scene, rules: readonly Rule[]): Promise<readonly Finding[]> {
  const found = new Map<string, Finding>();
  for (const rule of rules) {
    for (const finding of (await judgedBy(rule, scene)).map((each) => findingFrom(rule, each))) {
      const key = `${finding.code} ${finding.says}`;
      const before = found.get(key);
      found.set(key, before === undefined ? finding : merged(before, finding));
    }
  }
  return [...found.values()].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

/** Faults of files that a rule cannot read: they are the image's, and other rules tell of them. */
const unreadable = ['ELF_MALFORMED', 'JSON_MALFORMED', 'FILE_NOT_FOUND', 'TOO_LARGE'] as const;

async function judgedBy(rule: Rule, scene: Scene): Promise<readonly Found[]> {
  try {
    return await rule.judge(scene);
  } catch (error) {
    if (isFault(error) && unreadable.some((code) => error.code === code)) return [];
    throw error;
  }
}

const findingFrom = (rule: Rule, found: Found): Finding => ({
  code: rule.code,
  severity: found.severity ?? rule.severity,
  says: found.says,
  advice: found.advice ?? rule.fix,
  missing: found.missing ?? [],
  about: found.about ?? {},
});

const merged = (first: Finding, second: Finding): Finding => ({
  ...first,
  severity: order.indexOf(second.severity) < order.indexOf(first.severity) ? second.severity : first.severity,
  missing: [...new Set([...first.missing, ...second.missing])],
});
