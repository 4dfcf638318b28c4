import { causeRule } from './cause.ts';

export const emptyFile = causeRule({
  code: 'empty-file',
  title: 'The program has no bytes at all.',
  sees: ['container: exec /app: exec format error'],
  why: 'The file has zero bytes: a download failed silently, a build was cut off, or a Git LFS file or a volume stands in its place.',
  fix: 'Look at the step that makes the file, and let it fail when the result is empty.',
  dockerfile: 'RUN curl -fsSLo /app https://example.org/app && test -s /app',
});
