import { causeRule } from './cause.ts';

export const entrypointNotExecutable = causeRule({
  code: 'entrypoint-not-executable',
  title: 'The program of the entrypoint has no execute bit.',
  sees: [
    'docker: exec: "/app": permission denied: unknown',
    'docker: exec: "app": executable file not found in $PATH: unknown',
  ],
  why: 'No execute bit is set for owner, group or others, so not even root may run the file. The bit gets lost on Windows, in zip archives, in uploads and with `COPY` from a volume.',
  fix: 'Set the bit when the file is copied.',
  dockerfile: 'COPY --chmod=755 app /app',
  advise: ({ missing: [path = '/app'] }) =>
    `Set the bit: COPY --chmod=755 ${path.slice(path.lastIndexOf('/') + 1)} ${path}, or: RUN chmod 755 ${path}`,
});
