import { spawn } from 'node:child_process';

/** What osless says of an image, as far as it is measured. */
export interface Answer {
  readonly starts: string;
  readonly cause: string | null;
  readonly missing: readonly string[];
  readonly findings: readonly { readonly code: string; readonly severity: string; readonly says: string }[];
  readonly says: string;
  readonly os?: Readonly<Record<string, unknown>>;
  readonly milliseconds: number;
}

/** Asks the command line about the image in a layout. */
export async function askCli(layout: string): Promise<Answer> {
  const before = performance.now();
  const cli = process.env['OSLESS_CLI'] ?? 'dist/cli/main.js';
  const args = [cli, 'explain', '--json', `oci:${layout}:case`];
  const { code, stdout, stderr } = await ran(process.execPath, args);
  const milliseconds = performance.now() - before;
  const fault = { cause: null, missing: [], findings: [], says: stderr.trim(), milliseconds };
  if (code !== 0 && code !== 1) return { ...fault, starts: `exit ${code}` };
  const report = JSON.parse(stdout) as {
    os: Record<string, unknown>;
    entrypoint: { starts: string; cause: string | null; missing?: readonly string[] };
    findings: Answer['findings'];
  };
  const { starts, cause, missing = [] } = report.entrypoint;
  const says = report.findings.find((finding) => finding.code === cause)?.says ?? '';
  const agrees = (code === 1) === (starts === 'no');
  return {
    starts: agrees ? starts : `${starts} with exit ${code}`,
    cause,
    missing,
    findings: report.findings,
    says,
    os: report.os,
    milliseconds,
  };
}

function ran(command: string, args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const parts: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  child.stdout.on('data', (part: Buffer) => parts.stdout.push(part));
  child.stderr.on('data', (part: Buffer) => parts.stderr.push(part));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({
        code: code ?? -1,
        stdout: Buffer.concat(parts.stdout).toString('utf8'),
        stderr: Buffer.concat(parts.stderr).toString('utf8'),
      }),
    );
  });
}
