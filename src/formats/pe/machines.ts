const names: ReadonlyMap<number, string> = new Map([
  [0x014c, 'i386'],
  [0x0166, 'mips'],
  [0x01c0, 'arm'],
  [0x01c4, 'arm'],
  [0x0200, 'ia64'],
  [0x0ebc, 'efi-bytecode'],
  [0x5032, 'riscv32'],
  [0x5064, 'riscv64'],
  [0x6264, 'loongarch64'],
  [0x8664, 'x86_64'],
  [0xa641, 'arm64ec'],
  [0xaa64, 'aarch64'],
]);

/** Microsoft's number of a machine (IMAGE_FILE_MACHINE_*) by the name that other formats have for it. */
export const machineNameOf = (machine: number): string => names.get(machine) ?? `machine-0x${machine.toString(16)}`;
