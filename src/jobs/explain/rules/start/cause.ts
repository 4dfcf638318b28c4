import type { CauseRule, Found, Rule, Scene } from '../../rule.ts';

/** The rule about one cause: facts/start made the judgement, the rule says what to do. */
export const causeRule = (rule: Omit<CauseRule, 'severity'>): Rule => ({
  ...rule,
  severity: 'blocks',
  judge: (scene) => findingOf(rule, scene),
});

function findingOf(rule: Omit<CauseRule, 'severity'>, scene: Scene): readonly Found[] {
  const { verdict } = scene;
  if (verdict.starts !== 'no' || verdict.cause !== rule.code) return [];
  const { says, missing, subject } = verdict;
  return [
    {
      says,
      missing,
      advice: rule.advise?.(verdict, scene) ?? rule.fix,
      ...(subject !== undefined && { about: { subject } }),
    },
  ];
}
