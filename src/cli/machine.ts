import type { Platform } from '../formats/oci/index.ts';

const architectures: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: '386',
  ppc64: 'ppc64le',
  mipsel: 'mipsle',
};

/** The platform of this machine, in OCI's words. */
export const machinePlatform: Platform = {
  os: 'linux',
  architecture: architectures[process.arch] ?? process.arch,
  ...(process.arch === 'arm' ? { variant: 'v7' } : {}),
};
