import type { Case } from '../case.ts';
import { createCases } from './create.ts';
import { elfCases } from './elf.ts';
import { goodCases } from './good.ts';
import { lateCases } from './late.ts';
import { launchCases } from './launch.ts';
import { layerCases } from './layers.ts';
import { libraryCases } from './library.ts';
import { loaderCases } from './loader.ts';
import { lookupCases } from './lookup.ts';
import { scriptCases } from './script.ts';
import { shellCases } from './shell.ts';
import { subtleCases } from './subtle.ts';
import { worldCases } from './world.ts';

/** Every case that is made by hand. */
export const allCases: readonly Case[] = [
  ...goodCases,
  ...createCases,
  ...lookupCases,
  ...scriptCases,
  ...elfCases,
  ...loaderCases,
  ...libraryCases,
  ...shellCases,
  ...launchCases,
  ...lateCases,
  ...subtleCases,
  ...layerCases,
  ...worldCases,
];
