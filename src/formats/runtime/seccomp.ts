import { allowedFromKernel48, allowedOn, allowedWith, alwaysAllowed, seccompArchitectures } from './syscalls.ts';
import type { LinuxSeccomp, SeccompRule } from './types.ts';

/** What decides which rules of the default profile apply. */
export interface SeccompSubject {
  /** With `CAP_`. */
  readonly capabilities: readonly string[];
  /** As images name it: `amd64`. */
  readonly architecture: string;
  /** Major and minor number of the running kernel. */
  readonly kernel: readonly [major: number, minor: number];
}

const notSupported = 38;
const notPermitted = 1;
const vsockFamily = 40;
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET (clone(2)). */
const namespaceFlags = 0x7e020000;
/** Linux, Linux with short inodes, and asking for the current one (personality(2)). */
const personalities = [0x0, 0x0008, 0x20000, 0x20008, 0xffffffff];

/**
 * docker's default seccomp profile as runtime-spec has it, with its conditions resolved;
 * undefined on an architecture that it has no profile for.
 */
export function seccompProfile(subject: SeccompSubject): LinuxSeccomp | undefined {
  const architectures = seccompArchitectures[subject.architecture];
  if (architectures === undefined) return undefined;
  return {
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: notPermitted,
    architectures,
    syscalls: [
      allow(plainNames(subject)),
      allow(['socket'], { index: 0, value: vsockFamily, op: 'SCMP_CMP_NE' }),
      ...personalities.map((value) => allow(['personality'], { index: 0, value, op: 'SCMP_CMP_EQ' })),
      ...namespaceRules(subject),
    ],
  };
}

function plainNames({ capabilities, architecture, kernel: [major, minor] }: SeccompSubject): readonly string[] {
  const recent = major > 4 || (major === 4 && minor >= 8);
  return [
    ...new Set([
      ...alwaysAllowed,
      ...(recent ? allowedFromKernel48 : []),
      ...(allowedOn[architecture] ?? []),
      ...capabilities.flatMap((capability) => allowedWith[capability] ?? []),
    ]),
  ];
}

/** clone makes no namespaces without CAP_SYS_ADMIN; clone3 hides its flags in memory, so libc must fall back to clone. */
function namespaceRules({ capabilities, architecture }: SeccompSubject): readonly SeccompRule[] {
  if (capabilities.includes('CAP_SYS_ADMIN')) return [];
  const index = architecture === 's390x' ? 1 : 0;
  return [
    allow(['clone'], { index, value: namespaceFlags, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }),
    { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: notSupported },
  ];
}

const allow = (names: readonly string[], ...args: NonNullable<SeccompRule['args']>): SeccompRule => ({
  names,
  action: 'SCMP_ACT_ALLOW',
  ...(args.length === 0 ? {} : { args }),
});
