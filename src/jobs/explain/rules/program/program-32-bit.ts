import type { Rule } from '../../rule.ts';

const wide = ['amd64', 'arm64', 'ppc64', 'sparc64', 's390x'];

export const program32Bit: Rule = {
  code: 'program-32-bit',
  severity: 'notes',
  title: 'The program is for the 32-bit machine beside the platform.',
  sees: ['container: exec /app: exec format error'],
  why: 'Most kernels of 64-bit machines run 32-bit programs too, but not all: emulation for i386 can be left out or switched off (ia32_emulation=0), and many 64-bit Arm CPUs have no 32-bit mode any more.',
  fix: "Build it for the platform's own machine.",
  dockerfile: 'RUN go build -o /app .  # with GOARCH as the platform says',
  judge: ({ program, platform: { architecture } }) => {
    if (program === undefined || program.elf.class !== 32 || !wide.includes(architecture)) return [];
    const { path, elf } = program;
    return [
      {
        says: `${path} is for ${elf.machineName}, and runs only where the kernel for ${architecture} runs such programs`,
        about: { path, machine: elf.machineName },
      },
    ];
  },
};
