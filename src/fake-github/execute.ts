import {
  type ArgumentNode,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
  parse,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';

export interface GraphqlRequest {
  query: string;
  variables: Record<string, unknown>;
}

export interface GraphqlResponse {
  data?: unknown;
  errors?: { type?: string; path?: readonly (string | number)[]; message: string }[];
}

export type Execute = (root: object, request: GraphqlRequest) => GraphqlResponse | Promise<GraphqlResponse>;

const documents = new Map<string, DocumentNode>();

/**
 * Answers a query from plain objects without a schema, so that the demo does not have to include one. It does not
 * validate the query, because tests run the same queries through graphql-js and GitHub's published schema.
 */
export const executeWithoutSchema: Execute = (root, { query, variables }) => {
  const document = documents.get(query) ?? parse(query, { noLocation: true });
  documents.set(query, document);
  const fragments = new Map<string, FragmentDefinitionNode>();
  let operation: SelectionSetNode | undefined;
  for (const definition of document.definitions) {
    if (definition.kind === 'FragmentDefinition') fragments.set(definition.name.value, definition);
    if (definition.kind === 'OperationDefinition') operation = definition.selectionSet;
  }

  const value = (node: ValueNode) => valueFromASTUntyped(node, variables);
  const argumentsOf = (nodes: readonly ArgumentNode[] = []) =>
    Object.fromEntries(nodes.map((node) => [node.name.value, value(node.value)]));
  const isSkipped = (directives: readonly DirectiveNode[] = []) =>
    directives.some((directive) => {
      const { if: condition } = argumentsOf(directive.arguments);
      return directive.name.value === 'skip'
        ? condition === true
        : directive.name.value === 'include' && condition === false;
    });

  const answer = (source: unknown, selection: SelectionSetNode | undefined): unknown => {
    if (Array.isArray(source)) return source.map((item) => answer(item, selection));
    if (selection === undefined || source === null || typeof source !== 'object') return source ?? null;
    const result: Record<string, unknown> = {};
    fill(result, source as Record<string, unknown>, selection);
    return result;
  };
  const fill = (
    result: Record<string, unknown>,
    source: Record<string, unknown>,
    selection: SelectionSetNode,
  ): void => {
    for (const node of selection.selections) {
      if (isSkipped(node.directives)) continue;
      if (node.kind === 'Field') {
        const name = node.alias?.value ?? node.name.value;
        try {
          const field = source[node.name.value];
          const content = typeof field === 'function' ? field(argumentsOf(node.arguments)) : field;
          result[name] = answer(content, node.selectionSet);
        } catch (error) {
          const failure = error as { path?: string[] };
          failure.path = [name, ...(failure.path ?? [])];
          throw error;
        }
        continue;
      }
      const fragment = node.kind === 'FragmentSpread' ? fragments.get(node.name.value) : node;
      const on = fragment?.typeCondition?.name.value;
      if (fragment && (on === undefined || on === source.__typename))
        fill(result, source, fragment.selectionSet);
    }
  };

  try {
    return { data: answer(root, operation) };
  } catch (error) {
    const { type, path = [], message } = error as { type?: string; path?: string[]; message: string };
    return { data: null, errors: [{ ...(type ? { type } : {}), path, message }] };
  }
};
