const is64 = 0x01000000;
const is64with32 = 0x02000000;
const subtypeMask = 0x00ffffff;

const names: ReadonlyMap<number, string> = new Map([
  [7, 'i386'],
  [7 | is64, 'x86_64'],
  [12, 'arm'],
  [12 | is64, 'arm64'],
  [12 | is64with32, 'arm64_32'],
  [18, 'ppc'],
  [18 | is64, 'ppc64'],
]);
const subtypes: ReadonlyMap<string, string> = new Map([
  ['x86_64 8', 'x86_64h'],
  ['arm64 2', 'arm64e'],
  ['arm 6', 'armv6'],
  ['arm 9', 'armv7'],
  ['arm 11', 'armv7s'],
  ['arm 12', 'armv7k'],
]);

/** lipo's name of a CPU type and subtype (mach/machine.h). */
export function architectureOf(type: number, subtype: number): string {
  const name = names.get(type);
  if (name === undefined) return `cpu-0x${type.toString(16)}`;
  return subtypes.get(`${name} ${subtype & subtypeMask}`) ?? name;
}
