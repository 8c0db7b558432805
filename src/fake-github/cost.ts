import { type FieldNode, Kind, parse, type SelectionNode, type SelectionSetNode } from 'graphql';
import type { GraphqlRequest } from './execute.ts';

/**
 * A query's cost in GitHub's points. A connection takes one request for every node that contains it, and 100 requests
 * are a point, rounded and at least 1 (docs.github.com, "Rate limits for the GraphQL API").
 */
export function pointsOf({ query, variables }: GraphqlRequest): number {
  const document = parse(query, { noLocation: true });
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION
        ? [[definition.name.value, definition.selectionSet] as const]
        : [],
    ),
  );
  const sizeOf = (field: FieldNode): number | null => {
    const size = field.arguments?.find(
      (argument) => argument.name.value === 'first' || argument.name.value === 'last',
    );
    if (!size) return null;
    if (size.value.kind === Kind.INT) return Number(size.value.value);
    return size.value.kind === Kind.VARIABLE ? Number(variables[size.value.name.value]) : null;
  };
  /** Number of objects requested by id. They take no request, but the connections in each of them do. */
  const idsIn = (field: FieldNode): number | null => {
    const ids = field.arguments?.find((argument) => argument.name.value === 'ids');
    const value = ids?.value.kind === Kind.VARIABLE ? variables[ids.value.name.value] : null;
    return Array.isArray(value) ? value.length : null;
  };
  const isIncluded = ({ directives = [] }: SelectionNode): boolean =>
    directives.every(({ name, arguments: [condition] = [] }) => {
      const value =
        condition?.value.kind === Kind.VARIABLE ? variables[condition.value.name.value] === true : true;
      return name.value === 'skip' ? !value : value;
    });
  const requests = (set: SelectionSetNode | undefined, times: number): number =>
    (set?.selections ?? []).filter(isIncluded).reduce((sum, selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD)
        return sum + requests(fragments.get(selection.name.value), times);
      if (selection.kind === Kind.INLINE_FRAGMENT) return sum + requests(selection.selectionSet, times);
      const size = sizeOf(selection);
      return (
        sum +
        (size === null ? 0 : times) +
        requests(selection.selectionSet, times * (size ?? idsIn(selection) ?? 1))
      );
    }, 0);
  const total = document.definitions.reduce(
    (sum, definition) =>
      sum + (definition.kind === Kind.OPERATION_DEFINITION ? requests(definition.selectionSet, 1) : 0),
    0,
  );
  return Math.max(1, Math.round(total / 100));
}
