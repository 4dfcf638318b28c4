import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BindMount, NetworkMode } from '../formats/runtime/index.ts';
import { readText } from './host.ts';

const ownHosts = `127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
ff00::0\tip6-mcastprefix
ff02::1\tip6-allnodes
ff02::2\tip6-allrouters
`;

/**
 * Writes /etc/hosts, /etc/hostname and /etc/resolv.conf of one run, as docker makes them, and says how they are mounted.
 * They are files of the run, so a program may write to them, and images need not have them.
 */
export function writeEtcFiles(
  directory: string,
  { hostname, network, readOnlyRoot }: EtcSettings,
): readonly BindMount[] {
  const files = {
    'resolv.conf': readText('/etc/resolv.conf'),
    hostname: `${hostname}\n`,
    hosts: network === 'host' ? readText('/etc/hosts') || ownHosts : ownHosts,
  };
  return Object.entries(files).map(([name, text]) => {
    const source = join(directory, name);
    writeFileSync(source, text, { mode: 0o644 });
    return { source, target: `/etc/${name}`, readOnly: readOnlyRoot, propagation: 'rprivate' };
  });
}

export interface EtcSettings {
  readonly hostname: string;
  readonly network: NetworkMode;
  readonly readOnlyRoot: boolean;
}
