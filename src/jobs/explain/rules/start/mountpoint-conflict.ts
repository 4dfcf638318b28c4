import { causeRule } from './cause.ts';

export const mountpointConflict = causeRule({
  code: 'mountpoint-conflict',
  title: 'A directory stands where the engine mounts a file.',
  sees: [
    'docker: error mounting "/var/lib/docker/containers/…/hosts" to rootfs at "/etc/hosts": not a directory: Are you trying to mount a directory onto a file (or vice-versa)?',
  ],
  why: 'Engines mount /etc/hosts, /etc/hostname and /etc/resolv.conf as files over the image. A directory of that name in the image makes the mount fail. It often comes from a volume or a COPY that made the directory.',
  fix: 'Remove the directory from the image.',
  dockerfile: 'RUN rmdir /etc/hosts',
  advise: ({ subject = '/etc/hosts' }) => `Remove the directory ${subject} from the image, where it is made.`,
});
