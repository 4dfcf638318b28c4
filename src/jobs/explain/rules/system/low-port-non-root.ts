import type { Rule } from '../../rule.ts';
import { isUnprivileged } from './ask.ts';

const firstFree = 1024;

export const lowPortNonRoot: Rule = {
  code: 'low-port-non-root',
  severity: 'notes',
  title: 'A port below 1024 is exposed, and the program is not root’s.',
  sees: [
    'Go: listen tcp :80: bind: permission denied',
    'nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)',
  ],
  why: 'Without CAP_NET_BIND_SERVICE a process may not bind ports below net.ipv4.ip_unprivileged_port_start. docker sets that to 0 since 20.10; podman and Kubernetes leave it at 1024.',
  fix: 'Listen on a port from 1024 on and publish it as the low one.',
  dockerfile: 'EXPOSE 8080',
  judge(scene) {
    if (!isUnprivileged(scene)) return [];
    const ports = scene.config.exposedPorts.filter((port) => Number.parseInt(port, 10) < firstFree);
    if (ports.length === 0) return [];
    return [
      {
        says: `${ports.join(', ')} ${ports.length === 1 ? 'is' : 'are'} exposed, and the user ${scene.verdict.as?.uid} may bind no port below 1024 outside of docker`,
        about: { ports, uid: scene.verdict.as?.uid ?? 0 },
      },
    ];
  },
};
