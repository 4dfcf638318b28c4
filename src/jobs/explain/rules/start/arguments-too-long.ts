import { causeRule } from './cause.ts';

export const argumentsTooLong = causeRule({
  code: 'arguments-too-long',
  title: 'The command or the environment is larger than the kernel takes.',
  sees: ['container: exec /app: argument list too long', 'sh: 1: /app: Argument list too long'],
  why: 'One argument or one variable may have 128 KiB (MAX_ARG_STRLEN), and all together about a quarter of the stack limit. Certificates, JSON documents and long lists in ENV or CMD come near it.',
  fix: 'Put large values into a file and give the program its path.',
  dockerfile: 'COPY settings.json /etc/app/settings.json\nENV SETTINGS_FILE=/etc/app/settings.json',
});
