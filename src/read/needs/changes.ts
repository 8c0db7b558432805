import { plainPathsIn } from '../../model/concerns.ts';
import { mergesetsOf } from '../../model/mergesets.ts';
import type { View } from '../view.ts';
import type { Request } from '../request.ts';
import { isBranchKnown } from './branch.ts';

/** What the changes changed, where services have paths. */
export function changedPaths(view: View): Request[] {
  const { services } = view.reading;
  if (services.every(({ paths }) => paths === null) || !isBranchKnown(view)) return [];
  return mergesetsOf(
    view.facts,
    services.some((service) => service.countDirectPushes),
  ).map((mergeset) => ({ kind: 'paths', mergeset }));
}

/** The labels of what was merged in the window, where something is told by them. */
export function labels(view: View): Request[] {
  const { from, to } = view.question;
  if (!view.question.withLabels || !isBranchKnown(view)) return [];
  return mergesetsOf(view.facts, false)
    .filter((mergeset) => mergeset.mergedAt >= from && mergeset.mergedAt <= to)
    .map((mergeset) => ({ kind: 'labels', mergeset }));
}

/** The paths that services are told apart by: plain ones, and whether any service has patterns. */
export function pathsOf(services: View['reading']['services']): { paths: string[]; files: boolean } {
  const asked = services.flatMap(({ paths }) => (paths === null ? [] : [plainPathsIn(paths)]));
  return { paths: [...new Set(asked.flatMap((each) => each ?? []))], files: asked.includes(null) };
}
