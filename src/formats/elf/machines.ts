import type { Layout } from './reader.ts';
import type { Elf } from './types.ts';

/** What names a machine beside e_machine: `mips` has six ABIs under one number. */
export interface MachineFacts extends Layout {
  readonly machine: number;
  readonly flags: number;
}

/** OCI's names (image-spec, config.md, `architecture` and `variant`: those of Go). */
export interface MachinePlatform {
  readonly architecture: string;
  readonly variant?: string;
}

interface Machine {
  readonly machine: number;
  readonly class: 32 | 64;
  readonly littleEndian: boolean;
  /** Of the ABI, where machine, class and byte order do not tell. */
  readonly flags?: { readonly mask: number; readonly value: number };
  /** OCI's architecture, where it has a name for it. */
  readonly architecture?: string;
  readonly variant?: string;
}

/** EF_MIPS_ABI2. */
const n32 = { mask: 0x20, value: 0x20 };
/** EF_ARM_ABI_FLOAT_HARD. */
const hardFloat = { mask: 0x400, value: 0x400 };

const machines: Readonly<Record<string, Machine>> = {
  x86_64: { machine: 62, class: 64, littleEndian: true, architecture: 'amd64' },
  x32: { machine: 62, class: 32, littleEndian: true },
  i386: { machine: 3, class: 32, littleEndian: true, architecture: '386' },
  aarch64: { machine: 183, class: 64, littleEndian: true, architecture: 'arm64', variant: 'v8' },
  aarch64_be: { machine: 183, class: 64, littleEndian: false, architecture: 'arm64be' },
  arm64ilp32: { machine: 183, class: 32, littleEndian: true },
  armhf: { machine: 40, class: 32, littleEndian: true, flags: hardFloat, architecture: 'arm', variant: 'v7' },
  arm: { machine: 40, class: 32, littleEndian: true, architecture: 'arm', variant: 'v5' },
  armeb: { machine: 40, class: 32, littleEndian: false, architecture: 'armbe' },
  riscv64: { machine: 243, class: 64, littleEndian: true, architecture: 'riscv64' },
  riscv32: { machine: 243, class: 32, littleEndian: true, architecture: 'riscv' },
  ppc: { machine: 20, class: 32, littleEndian: false, architecture: 'ppc' },
  ppc64: { machine: 21, class: 64, littleEndian: false, architecture: 'ppc64' },
  ppc64le: { machine: 21, class: 64, littleEndian: true, architecture: 'ppc64le' },
  s390x: { machine: 22, class: 64, littleEndian: false, architecture: 's390x' },
  s390: { machine: 22, class: 32, littleEndian: false, architecture: 's390' },
  mips64: { machine: 8, class: 64, littleEndian: false, architecture: 'mips64' },
  mips64el: { machine: 8, class: 64, littleEndian: true, architecture: 'mips64le' },
  mipsn32: { machine: 8, class: 32, littleEndian: false, flags: n32, architecture: 'mips64p32' },
  mipsn32el: { machine: 8, class: 32, littleEndian: true, flags: n32, architecture: 'mips64p32le' },
  mips: { machine: 8, class: 32, littleEndian: false, architecture: 'mips' },
  mipsel: { machine: 8, class: 32, littleEndian: true, architecture: 'mipsle' },
  loongarch64: { machine: 258, class: 64, littleEndian: true, architecture: 'loong64' },
  loongarch32: { machine: 258, class: 32, littleEndian: true },
  sparc64: { machine: 43, class: 64, littleEndian: false, architecture: 'sparc64' },
  sparc: { machine: 2, class: 32, littleEndian: false, architecture: 'sparc' },
  sparc32plus: { machine: 18, class: 32, littleEndian: false, architecture: 'sparc' },
  m68k: { machine: 4, class: 32, littleEndian: false },
  alpha: { machine: 0x9026, class: 64, littleEndian: true },
  ia64: { machine: 50, class: 64, littleEndian: true },
  hppa: { machine: 15, class: 32, littleEndian: false },
  hppa64: { machine: 15, class: 64, littleEndian: false },
  sh4: { machine: 42, class: 32, littleEndian: true },
  sh4eb: { machine: 42, class: 32, littleEndian: false },
  or1k: { machine: 92, class: 32, littleEndian: false },
  microblaze: { machine: 189, class: 32, littleEndian: false },
  microblazeel: { machine: 189, class: 32, littleEndian: true },
  arc: { machine: 195, class: 32, littleEndian: true },
  csky: { machine: 252, class: 32, littleEndian: true },
  nios2: { machine: 113, class: 32, littleEndian: true },
  xtensa: { machine: 94, class: 32, littleEndian: true },
  bpf: { machine: 247, class: 64, littleEndian: true },
};

const known = new Set(Object.values(machines).map(({ machine }) => machine));

export const isKnownMachine = (machine: number): boolean => known.has(machine);

/** `x86_64`, `mips64el`, `armhf` (arm with hard float), …; `machine-N` for a number that is not known. */
export const machineNameOf = (facts: MachineFacts): string => find(facts)?.[0] ?? `machine-${facts.machine}`;

/**
 * The platform that the file is for. For arm the variant is the least that Debian's ABI of that name asks for,
 * as the header does not tell: v7 with hard float, else v5.
 */
export function platformOf(elf: MachineFacts): MachinePlatform | undefined {
  const machine = find(elf)?.[1];
  if (machine?.architecture === undefined) return undefined;
  return {
    architecture: machine.architecture,
    ...(machine.variant !== undefined && { variant: machine.variant }),
  };
}

/** What an ELF header of this OCI architecture says, or undefined where there is no such machine. */
export function machineOf({ architecture, variant }: MachinePlatform): (MachineFacts & { name: string }) | undefined {
  const fitting = Object.entries(machines).filter(([, machine]) => machine.architecture === architecture);
  const softFloat = architecture === 'arm' && (variant === 'v5' || variant === '5');
  const [name, machine] = fitting.find(([key]) => !softFloat || key === 'arm') ?? [];
  if (name === undefined || machine === undefined) return undefined;
  const { class: bits, littleEndian } = machine;
  return { name, machine: machine.machine, class: bits, littleEndian, flags: machine.flags?.value ?? 0 };
}

/**
 * Whether a Linux kernel of that architecture executes the file: its own machine, and the 32-bit one beside it
 * where kernels usually have that built in. The kernel asks for nothing but e_machine.
 */
export function runsOn(elf: Pick<Elf, 'machine'>, architecture: string): boolean {
  const own = machineOf({ architecture })?.machine;
  const beside: Readonly<Record<string, number>> = { amd64: 3, arm64: 40, ppc64: 20, sparc64: 18 };
  return own !== undefined && (elf.machine === own || elf.machine === beside[architecture]);
}

const find = (facts: MachineFacts): [string, Machine] | undefined =>
  Object.entries(machines).find(
    ([, machine]) =>
      machine.machine === facts.machine &&
      machine.class === facts.class &&
      machine.littleEndian === facts.littleEndian &&
      (machine.flags === undefined || (facts.flags & machine.flags.mask) === machine.flags.value),
  );
