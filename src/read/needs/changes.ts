import { plainPathsIn } from '../../model/concerns.ts';
import { mergesetsOf } from '../../model/mergesets.ts';
import type { View } from '../view.ts';
import type { Request } from '../request.ts';
import { isBranchKnown } from './branch.ts';

/** Reads what the changes touched, if services have paths. */
export function changedPaths(view: View): Request[] {
  const { services } = view.reading;
  if (services.every(({ paths }) => paths === null) || !isBranchKnown(view)) return [];
  return mergesetsOf(
    view.facts,
    services.some((service) => service.countDirectPushes),
  ).map((mergeset) => ({ kind: 'paths', mergeset }));
}

/** Reads the labels of the window's changes, if the answer depends on them. */
export function labels(view: View): Request[] {
  const { from, to } = view.question;
  if (!view.question.withLabels || !isBranchKnown(view)) return [];
  return mergesetsOf(view.facts, false)
    .filter((mergeset) => mergeset.mergedAt >= from && mergeset.mergedAt <= to)
    .map((mergeset) => ({ kind: 'labels', mergeset }));
}

/** The services' plain paths, and whether any service has patterns, which need the files of changes. */
export function pathsOf(services: View['reading']['services']): { paths: string[]; files: boolean } {
  const plain = services.flatMap(({ paths }) => (paths === null ? [] : [plainPathsIn(paths)]));
  return { paths: [...new Set(plain.flatMap((paths) => paths ?? []))], files: plain.includes(null) };
}
