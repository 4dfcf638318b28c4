import { annotationKeys, type Descriptor, nameOf } from '../formats/oci/index.ts';
import { compareNames } from '../kit/index.ts';
import type { Named } from './store.ts';

/** `descriptor` with the annotations that give it `name` in a layout; without any for ''. */
export function named(descriptor: Descriptor, name: string): Descriptor {
  const annotations: Record<string, string> = { ...descriptor.annotations };
  delete annotations[annotationKeys.refName];
  delete annotations[annotationKeys.containerdName];
  if (name !== '') annotations[annotationKeys.refName] = name;
  if (name.includes('/')) annotations[annotationKeys.containerdName] = name;
  const { annotations: _annotations, ...rest } = descriptor;
  return Object.keys(annotations).length === 0 ? rest : { ...rest, annotations };
}

/** Whether a layout's entry goes by `name`: its whole reference, or just its tag. */
export const goesBy = ({ annotations = {} }: Descriptor, name: string): boolean =>
  annotations[annotationKeys.containerdName] === name || annotations[annotationKeys.refName] === name;

/** The entries of a layout with their names, sorted. */
export const namesOf = (descriptors: readonly Descriptor[]): Named[] =>
  descriptors
    .map((descriptor) => ({ name: nameOf(descriptor), descriptor }))
    .sort((a, b) => compareNames(a.name, b.name));
