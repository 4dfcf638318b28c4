// Bundles TypeScript entry points into build/, so that Node 20, which cannot strip types, runs them as they are.
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

export async function bundle(entryPoints, outdir) {
  await build({
    entryPoints,
    outdir,
    outbase: '.',
    bundle: true,
    splitting: true,
    sourcemap: 'linked',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    define: { OSLESS_VERSION: JSON.stringify(version) },
    packages: 'external',
    logLevel: 'warning',
  });
}
