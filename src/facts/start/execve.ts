import { allCapabilities, defaultCapabilities } from '../../formats/runtime/index.ts';
import type { Command } from './lookup.ts';
import type { Setting } from './setting.ts';
import { type Problem, problem } from './verdict.ts';

/** MAX_ARG_STRLEN (32 pages), with the NUL. */
const longestString = 131_072;
/** A quarter of docker's stack limit of 8 MiB, which is less than the kernel's own bound (execve(2)). */
const mostBytes = 2 * 1024 * 1024;
const pointerBytes = 8;

/** Whether arguments and environment are more than execve takes (E2BIG). */
export function argumentProblem({ env }: Setting, argv: readonly string[]): Problem | undefined {
  let total = 0;
  for (const text of [...argv, ...env]) {
    const length = Buffer.byteLength(text) + 1;
    total += length + pointerBytes;
    if (length > longestString) {
      const about = { missing: [], subject: argv[0] };
      return problem(
        'arguments-too-long',
        `“${text.slice(0, 40)}…” has ${length} bytes, and the kernel takes ${longestString}`,
        about,
      );
    }
  }
  if (total <= mostBytes) return undefined;
  return problem(
    'arguments-too-long',
    `arguments and environment have ${total} bytes, and the kernel takes ${mostBytes}`,
    {
      subject: argv[0],
    },
  );
}

/** Magic and permitted sets of `security.capability` (capabilities(7), "File capability extended attribute versioning"). */
const effectiveFlag = 1;
const permittedOffsets = [4, 12];
/** Of revision 1, which has no second set. */
const shortestCapability = 12;

const bounding = defaultCapabilities.reduce((set, name) => set | (1n << BigInt(allCapabilities.indexOf(name))), 0n);

/** The kernel refuses (EPERM) a file whose effective capabilities a container of docker's defaults cannot have, root's too. */
export function capabilityProblem({ path, node }: Command): Problem | undefined {
  const value = node.xattrs.get('security.capability');
  if (value === undefined || value.byteLength < shortestCapability) return undefined;
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const [low = 0n, high = 0n] = permittedOffsets.map((at) => (at < bytes.length ? BigInt(bytes.readUInt32LE(at)) : 0n));
  const lacking = ((high << 32n) | low) & ~bounding;
  if ((bytes.readUInt32LE(0) & effectiveFlag) === 0 || lacking === 0n) return undefined;
  const names = allCapabilities.filter((_, number) => ((lacking >> BigInt(number)) & 1n) === 1n);
  const says = `${path} has the file capability ${names.join(', ')}, which docker gives no container by default`;
  return problem('entrypoint-permission', says, { missing: [path], subject: path });
}
