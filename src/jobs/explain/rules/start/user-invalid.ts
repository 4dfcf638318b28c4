import { causeRule } from './cause.ts';

export const userInvalid = causeRule({
  code: 'user-invalid',
  title: "The number of the image's user or group is out of range.",
  sees: ['docker: Error response from daemon: uids and gids must be in range 0-2147483647'],
  why: 'Engines take user and group numbers from 0 to 2147483647 only.',
  fix: 'Choose a number in this range.',
  dockerfile: 'USER 65532:65532',
});
