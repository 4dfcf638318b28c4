import { Fault } from '../../kit/index.ts';
import type { Platform } from './types.ts';

const word = /^[A-Za-z0-9_.-]{1,64}$/;
/** Worse than any variant of the same architecture. */
const elderRanks = 1000;
const architectureAliases: Readonly<Record<string, readonly [string, string?]>> = {
  i386: ['386'],
  i486: ['386'],
  i586: ['386'],
  i686: ['386'],
  x86: ['386'],
  x86_64: ['amd64'],
  'x86-64': ['amd64'],
  x64: ['amd64'],
  aarch64: ['arm64'],
  armhf: ['arm', 'v7'],
  armel: ['arm', 'v6'],
  armv7l: ['arm', 'v7'],
  armv6l: ['arm', 'v6'],
  loongarch64: ['loong64'],
};

/**
 * Reads `arch`, `os/arch` or `os/arch/variant`, in the names of other tools as well
 * (`x86_64`, `aarch64`, `armhf`), into the names that images use.
 * @throws {Fault} PLACE_INVALID
 */
export function parsePlatform(text: string): Platform {
  const parts = text.split('/');
  const [first = '', second, third] = parts;
  if (parts.length > 3 || !parts.every((part) => word.test(part))) return invalid(text);
  if (second === undefined) return parseLone(first, text);
  const platform = normalisePlatform({ os: first, architecture: second, ...(third && { variant: third }) });
  const explicit = third !== undefined && platform.architecture === 'arm64' && platform.variant === undefined;
  return explicit ? { ...platform, variant: 'v8' } : platform;
}

/** `linux/arm64/v8`. */
export const formatPlatform = ({ os, architecture, variant }: Platform): string =>
  [os || 'unknown', architecture || 'unknown', ...(variant ? [variant] : [])].join('/');

/** One name for what several names mean; the variant that an architecture has anyway (arm64 v8, amd64 v1) is left out. */
export function normalisePlatform(platform: Platform): Platform {
  const os = platform.os.toLowerCase();
  const given = platform.architecture.toLowerCase();
  const [architecture, impliedVariant] = architectureAliases[given] ?? [given];
  const { variant: _variant, ...rest } = platform;
  const variant = normaliseVariant(architecture, impliedVariant ?? (platform.variant ?? '').toLowerCase());
  return { ...rest, os: os === 'macos' ? 'darwin' : os, architecture, ...(variant && { variant }) };
}

/** Whether an image for `have` is what was asked for with `want`; a variant or version not asked for does not matter. */
export function platformMatches(want: Platform, have: Platform): boolean {
  return platformRank(want, have) !== undefined;
}

/**
 * How well an image for `have` serves a machine that wants `want`; 0 is exactly, higher is worse,
 * undefined not at all. As containerd: a newer ARM or x86-64 runs what was made for an older one.
 */
export function platformRank(want: Platform, have: Platform): number | undefined {
  const wanted = normalisePlatform(want);
  const had = normalisePlatform(have);
  if (wanted.os !== had.os) return undefined;
  if (wanted.osVersion && had.osVersion && buildOf(wanted.osVersion) !== buildOf(had.osVersion)) return undefined;
  if (wanted.architecture !== had.architecture) return elderRank(wanted, had);
  if (wanted.variant === had.variant) return 0;
  const distance = levelOf(wanted) - levelOf(had);
  return distance >= 0 ? 1 + distance : undefined;
}

/** The 32-bit programs that a 64-bit machine runs as well. */
function elderRank(wanted: Platform, had: Platform): number | undefined {
  if (wanted.architecture === 'amd64' && had.architecture === '386') return elderRanks;
  const arm = wanted.architecture === 'arm64' && had.architecture === 'arm' && levelOf(had) <= 8;
  return arm ? elderRanks + 8 - levelOf(had) : undefined;
}

function parseLone(name: string, text: string): Platform {
  const platform = normalisePlatform({ os: 'linux', architecture: name });
  const known = ['386', 'amd64', 'arm', 'arm64', 'loong64', 'mips64le', 'ppc64le', 'riscv64', 's390x'];
  return known.includes(platform.architecture) ? platform : invalid(text);
}

function normaliseVariant(architecture: string, variant: string): string {
  const full = /^[0-9]/.test(variant) ? `v${variant}` : variant;
  if (architecture === 'arm64') return full === 'v8' || full === 'v8.0' ? '' : full;
  if (architecture === 'amd64') return full === 'v1' ? '' : full;
  if (architecture === 'arm') return full === '' ? 'v7' : full;
  return full;
}

/** The number in a variant: `v7` is 7, `v8.2` is 8.2. */
function levelOf({ architecture, variant }: Platform): number {
  if (variant === undefined) return architecture === 'arm64' ? 8 : architecture === 'amd64' ? 1 : 0;
  const level = Number(variant.slice(1));
  return Number.isFinite(level) ? level : Number.POSITIVE_INFINITY;
}

/** Windows takes an image of the same build (the first three numbers) whatever its revision. */
const buildOf = (version: string): string => version.split('.').slice(0, 3).join('.');

function invalid(text: string): never {
  throw new Fault('PLACE_INVALID', `${JSON.stringify(text.slice(0, 100))} is no platform`, {
    hint: 'Write it as linux/amd64 or linux/arm64/v8.',
  });
}
