import { causeRule } from './cause.ts';

export const elfCorrupt = causeRule({
  code: 'elf-corrupt',
  title: 'The program is a damaged ELF file.',
  sees: [
    'container: exec /app: exec format error',
    'container: exec /app: input/output error',
    'docker: exit code 139 (SIGSEGV) or 135 (SIGBUS) without any text',
  ],
  why: 'Headers or contents are damaged: the file is cut short, its program headers point beyond its end, or its entry point or dynamic section is not usable. Interrupted downloads, text-mode transfers and wrong `strip` or `upx` calls do this.',
  fix: 'Bring the file again and compare its size and checksum with the original.',
  dockerfile: 'ADD --checksum=sha256:… https://example.org/app /app',
});
