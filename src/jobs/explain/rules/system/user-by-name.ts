import type { Rule } from '../../rule.ts';
import { isUnprivileged } from './ask.ts';

export const userByName: Rule = {
  code: 'user-by-name',
  severity: 'notes',
  title: 'USER is a name, which Kubernetes cannot check for runAsNonRoot.',
  sees: [
    'kubelet: Error: container has runAsNonRoot and image has non-numeric user (app), cannot verify user is non-root',
  ],
  why: 'Names are looked up in the /etc/passwd of the image when the container is made. The kubelet does not look into images: it only believes a number that is not 0.',
  fix: 'Write the number of the user.',
  dockerfile: 'USER 1000:1000',
  judge(scene) {
    const name = scene.config.user?.split(':', 1)[0] ?? '';
    if (!isUnprivileged(scene) || name === '' || /^\d+$/.test(name)) return [];
    const { uid = 0, gids = [] } = scene.verdict.as ?? {};
    return [
      {
        says: `the user ${name} is given by name, so that Kubernetes cannot see that it is not root`,
        advice: `USER ${uid}:${gids[0] ?? 0}`,
        about: { user: name, uid },
      },
    ];
  },
};
