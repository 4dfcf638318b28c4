import { causeRule } from './cause.ts';

export const foreignFormat = causeRule({
  code: 'foreign-format',
  title: 'The program is of a binary format that Linux does not run.',
  sees: ['container: exec /app: exec format error', 'docker: exit code 139 without any text'],
  why: 'The file is a program for Windows or macOS, a WebAssembly module, a Java archive or class, an archive, or an ELF file of another operating system. The build ran for the wrong target, or the interpreter that should get the file is missing in the command.',
  fix: 'Build it for Linux, or name the interpreter before it.',
  dockerfile: 'RUN GOOS=linux go build -o /app .\nENTRYPOINT ["java", "-jar", "/app.jar"]',
});
