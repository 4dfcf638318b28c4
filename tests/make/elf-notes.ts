import { type Layout, Writer } from './elf-writer.ts';

export interface ElfNote {
  readonly owner: string;
  readonly type: number;
  readonly content: Uint8Array;
  /** Default: 4. */
  readonly align?: 4 | 8;
}

/** One segment for each alignment, as a linker makes them. */
export function noteSegments(
  notes: readonly ElfNote[],
  layout: Layout,
): { name: string; align: number; bytes: Uint8Array }[] {
  return ([8, 4] as const).flatMap((align) => {
    const own = notes.filter((note) => (note.align ?? 4) === align);
    if (own.length === 0) return [];
    return [{ name: align === 8 ? '.note.gnu.property' : '.note', align, bytes: noteBytes(own, layout, align) }];
  });
}

export const buildIdNote = (hex: string): ElfNote => ({ owner: 'GNU', type: 3, content: Buffer.from(hex, 'hex') });

export const packageNote = (json: string): ElfNote => ({
  owner: 'FDO',
  type: 0xcafe1a7e,
  content: Buffer.from(`${json}\0`),
});

export const dlopenNote = (features: readonly unknown[]): ElfNote => ({
  owner: 'FDO',
  type: 0x407c0c0a,
  content: Buffer.from(`${JSON.stringify(features)}\0`),
});

/** NT_GNU_PROPERTY_TYPE_0 with GNU_PROPERTY_X86_ISA_1_NEEDED, of a 64-bit little-endian file. */
export const isaNote = (needed: number): ElfNote => ({
  owner: 'GNU',
  type: 5,
  align: 8,
  content: new Writer({ class: 64, littleEndian: true }).u32(0xc0008002).u32(4).u32(needed).u32(0).bytes(),
});

export const abiNote = (kernel: readonly [number, number, number], layout: Layout): ElfNote => {
  const writer = new Writer(layout).u32(0);
  for (const part of kernel) writer.u32(part);
  return { owner: 'GNU', type: 1, content: writer.bytes() };
};

function noteBytes(notes: readonly ElfNote[], layout: Layout, align: number): Uint8Array {
  const writer = new Writer(layout);
  const pad = () => writer.raw(Buffer.alloc((align - (writer.size % align)) % align));
  for (const { owner, type, content } of notes) {
    writer
      .u32(owner.length + 1)
      .u32(content.length)
      .u32(type)
      .raw(Buffer.from(`${owner}\0`));
    pad();
    writer.raw(content);
    pad();
  }
  return writer.bytes();
}
