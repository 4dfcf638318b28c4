import type { ExplainSummary, Finding, Rule } from '../../jobs/explain/index.ts';
import { printable } from '../printable.ts';
import { type Dockerfile, findLine } from './dockerfile-lines.ts';
import { ruleMarkdown } from './findings-page.ts';

export interface SarifParts {
  readonly version: string;
  /** All rules: those that found something are described. */
  readonly rules: readonly Rule[];
  readonly dockerfile: Dockerfile | undefined;
}

const levels = { blocks: 'error', degrades: 'warning', notes: 'note' } as const;

/** A log of SARIF 2.1.0 (OASIS), one run, one result for each finding. */
export function explainSarif(summaries: readonly ExplainSummary[], parts: SarifParts): unknown {
  const found = new Set(summaries.flatMap(({ findings }) => findings.map(({ code }) => code)));
  const rules = parts.rules.filter(({ code }) => found.has(code));
  const indexOf = new Map(rules.map(({ code }, index) => [code, index]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'osless', semanticVersion: parts.version, rules: rules.map(describeRule) } },
        columnKind: 'utf16CodeUnits',
        results: summaries.flatMap((summary) =>
          summary.findings.map((finding) => ({
            ruleId: finding.code,
            ...(indexOf.has(finding.code) && { ruleIndex: indexOf.get(finding.code) }),
            level: levels[finding.severity],
            message: { text: `${printable(summary.place)}: ${printable(finding.says)}. ${finding.advice}` },
            locations: [locationOf(summary, finding, parts.dockerfile)],
            properties: { platform: summary.platform, missing: finding.missing },
          })),
        ),
      },
    ],
  };
}

const describeRule = (rule: Rule) => ({
  id: rule.code,
  shortDescription: { text: rule.title },
  fullDescription: { text: rule.why },
  help: { text: `${rule.why}\n\n${rule.fix}\n\n${rule.dockerfile}`, markdown: ruleMarkdown(rule) },
  defaultConfiguration: { level: levels[rule.severity] },
});

/** The line of the Dockerfile; without one the place that was asked about, by its name only. */
function locationOf({ place, entrypoint }: ExplainSummary, finding: Finding, dockerfile: Dockerfile | undefined) {
  const logical = { name: printable(place), kind: 'resource', fullyQualifiedName: printable(entrypoint.path ?? place) };
  if (dockerfile === undefined) return { logicalLocations: [logical] };
  return {
    physicalLocation: {
      artifactLocation: { uri: dockerfile.path.split('/').map(encodeURIComponent).join('/') },
      region: { startLine: findLine(dockerfile, finding) },
    },
    logicalLocations: [logical],
  };
}
