import { causeRule } from './cause.ts';

export const elfNotAProgram = causeRule({
  code: 'elf-not-a-program',
  title: 'The ELF file is a library, an object or a core file, and no program.',
  sees: ['container: exec /app: exec format error', 'docker: exit code 139 (SIGSEGV) without any text'],
  why: 'The kernel starts any dynamic object at its entry address, but a shared library has nothing useful there and no loader that would prepare it; object files and core dumps are refused.',
  fix: 'Name the program instead, or link the file as an executable.',
  dockerfile: 'RUN gcc -o /app main.o',
});
