/**
 * jobs/explain: whether an image holds an operating system, whether its program will start, and if not exactly why.
 * It executes nothing. What it says is found by rules, one file each, which ask a Scene and nothing else.
 */
export { explain, explainAll } from './explain.ts';
export type { Finding, Rule, Severity } from './rule.ts';
export { allRules } from './rules.ts';
export type { ExplainAllSummary, ExplainedLink, ExplainOptions, ExplainSummary, Overrides } from './types.ts';
