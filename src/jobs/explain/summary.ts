import type { NeedsOs, OsFacts } from '../../facts/os/index.ts';
import { commandOf, type StartVerdict } from '../../facts/start/index.ts';
import { formatPlatform } from '../../formats/oci/index.ts';
import type { Ground } from './ground.ts';
import { messageOf } from './message.ts';
import type { Finding, Scene } from './rule.ts';
import type { ExplainedLink, ExplainSummary } from './types.ts';

interface Judged {
  readonly place: string;
  readonly within: string | undefined;
  readonly scene: Scene;
  readonly findings: readonly Finding[];
  readonly needsOs: NeedsOs;
  /** Of the rule about the verdict's cause. */
  readonly why: string | undefined;
}

/** The document that `--json` prints. */
export function summaryOf(ground: Ground, { place, within, scene, findings, needsOs, why }: Judged): ExplainSummary {
  return {
    schema: 'osless.explain/1',
    place,
    in: within ?? null,
    digest: ground.digest ?? null,
    platform: formatPlatform(ground.platform),
    machine: ground.architecture,
    os: describeOs(scene.os),
    entrypoint: describeStart(scene, findings, why),
    findings,
    needsOs,
  };
}

const describeOs = (os: OsFacts): ExplainSummary['os'] => ({
  present: os.present,
  distro: os.distro ?? null,
  libc: os.libc ?? null,
  shell: os.shell ?? null,
  packageManager: os.packageManager ?? null,
  init: os.init ?? null,
  name: os.name ?? null,
  packageCount: os.packageCount ?? null,
  shells: os.shells,
  commands: os.commands ?? null,
  signs: os.signs,
});

function describeStart(
  { verdict, config }: Scene,
  findings: readonly Finding[],
  why: string | undefined,
): ExplainSummary['entrypoint'] {
  const late = verdict.starts === 'yes' ? findings.find(isLate) : undefined;
  return {
    argv: commandOf(config),
    path: verdict.path ?? null,
    starts: verdict.starts,
    cause: verdict.cause ?? (late === undefined ? null : lateCauseOf(late)),
    missing: late === undefined ? verdict.missing : late.missing,
    chain: describeChain(verdict),
    subject: verdict.subject ?? null,
    says: verdict.says,
    message: messageOf(verdict, config) ?? null,
    why: why ?? null,
    undecided: verdict.undecided,
  };
}

const isLate = ({ code, severity }: Finding): boolean => severity === 'degrades' && code.startsWith('late-');

const lateCauseOf = ({ code }: Finding) => code as ExplainSummary['entrypoint']['cause'];

const describeChain = ({ chain, closures }: StartVerdict): ExplainedLink[] =>
  chain.map(({ machine, interpreter, ...link }) => {
    const closure = closures.find(({ program }) => program === link.path);
    const libraries = closure?.objects.filter(({ how }) => how !== 'program' && how !== 'interpreter').length;
    return { ...link, machine: machine ?? null, interpreter: interpreter ?? null, libraries: libraries || null };
  });
