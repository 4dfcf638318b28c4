import type { Elf } from '../../formats/elf/index.ts';
import type { LibraryFile } from './library-files.ts';

/** What glibc's loader says of a file that it opened: `other` is passed over, `invalid` ends the start. */
export type Verdict =
  | { readonly is: 'good'; readonly elf: Elf }
  | { readonly is: 'other'; readonly detail: string }
  | { readonly is: 'invalid'; readonly detail: string };

const osAbis = { systemV: 0, gnu: 3 } as const;
const linux = 0;
const df1Pie = 0x08000000;

/** What libraries must be to go into a process: as the program is. */
export type Host = Pick<Elf, 'class' | 'littleEndian' | 'machine' | 'machineName' | 'flags'>;

/**
 * Judges in the order of glibc (elf/dl-load.c): class, byte order, ABI, machine, kind, dynamic section.
 * @param abiFlags bits of e_flags that have to be equal
 */
export function judgeLibrary({ elf, problem }: LibraryFile, host: Host, abiFlags: number): Verdict {
  if (elf === undefined) return { is: 'invalid', detail: problem };
  if (elf.class !== host.class) return { is: 'other', detail: `it is a ${elf.class}-bit one` };
  if (elf.identClass !== elf.class / 32) return { is: 'other', detail: `its class is ${elf.identClass}` };
  if (elf.littleEndian !== host.littleEndian) return { is: 'other', detail: `it is for ${elf.machineName}` };
  if (elf.osAbi !== osAbis.systemV && elf.osAbi !== osAbis.gnu) {
    return { is: 'invalid', detail: `its OS ABI is ${elf.osAbi}` };
  }
  if (elf.oddIdent !== undefined) return { is: 'invalid', detail: elf.oddIdent };
  if (elf.machine !== host.machine) return { is: 'other', detail: `it is for ${elf.machineName}` };
  if ((elf.flags & abiFlags) !== (host.flags & abiFlags)) return { is: 'other', detail: 'it is for another ABI' };
  if (elf.type !== 'shared' && elf.type !== 'executable') return { is: 'invalid', detail: 'it is no shared object' };
  if (elf.notes.abiTag !== undefined && elf.notes.abiTag.os !== linux) {
    return { is: 'other', detail: 'it is for another operating system' };
  }
  if (elf.dynamic === undefined) return { is: 'invalid', detail: 'it has no dynamic section' };
  if (elf.type === 'executable' || (elf.dynamic.flags1 & df1Pie) !== 0) {
    return { is: 'invalid', detail: 'it is a program' };
  }
  return { is: 'good', elf };
}
