import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type DocumentNode,
  execute,
  GraphQLError,
  getNamedType,
  type GraphQLSchema,
  Kind,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  valueFromASTUntyped,
} from 'graphql';
import type { Execute, GraphqlResponse } from '../../src/fake-github/execute.ts';

/** GitHub's limits, which are not in its schema. */
const MOST_A_PAGE = 100;
const MOST_NODES = 500_000;

/** The schema's text. The package's entry point also reads five megabytes of JSON, in every test file. */
const IDL = 'node_modules/@octokit/graphql-schema/schema.graphql';

let built: GraphQLSchema | undefined;
export const githubSchema = () => {
  built ??= buildSchema(readFileSync(IDL, 'utf8'), { assumeValidSDL: true, noLocation: true });
  return built;
};

/** Answers a query with GitHub's published schema and limits. A query that GitHub would refuse fails. */
export const executeAsGitHub: Execute = async (root, { query, variables }) => {
  const schema = githubSchema();
  const { document, errors } = validated(schema, query);
  if (document === null) return { errors: errors.map(asGitHub) };
  const faults = [...errors, ...breaches(schema, document, variables)];
  if (faults.length > 0) return { errors: faults.map(asGitHub) };
  const answer = await execute({ schema, document, rootValue: root, variableValues: variables });
  return { data: answer.data, ...(answer.errors ? { errors: answer.errors.map(asGitHub) } : {}) };
};

interface Validated {
  /** `null`: the query is not GraphQL. */
  document: DocumentNode | null;
  errors: readonly GraphQLError[];
}

const queries = new Map<string, Validated>();

/** A query is parsed and validated once. */
function validated(schema: GraphQLSchema, query: string): Validated {
  const cached = queries.get(query);
  if (cached) return cached;
  let result: Validated;
  try {
    const document = parse(query);
    result = { document, errors: validate(schema, document) };
  } catch (error) {
    result = { document: null, errors: [new GraphQLError(String(error))] };
  }
  queries.set(query, result);
  return result;
}

function asGitHub(error: GraphQLError): NonNullable<GraphqlResponse['errors']>[number] {
  // graphql wraps a resolver's error if it comes from the realm of a test file.
  const { thrownValue } = (error.originalError ?? {}) as { thrownValue?: Error };
  const thrown = thrownValue ?? error.originalError;
  const type = (thrown as { type?: string } | undefined)?.type;
  return {
    message: thrown?.message ?? error.message,
    ...(type ? { type } : {}),
    ...(error.path ? { path: error.path } : {}),
  };
}

/** Checks that connections have `first` or `last` from 1 to 100, and that a query requests at most 500,000 nodes. */
function breaches(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown>,
): GraphQLError[] {
  const errors: GraphQLError[] = [];
  const types = new TypeInfo(schema);
  const sizes = [1];
  let nodes = 0;
  visit(
    document,
    visitWithTypeInfo(types, {
      [Kind.FIELD]: {
        enter(field) {
          const type = types.getType();
          const isConnection = type && getNamedType(type).name.endsWith('Connection');
          let size = 1;
          if (isConnection && field.selectionSet) {
            const values = Object.fromEntries(
              (field.arguments ?? []).map((argument) => [
                argument.name.value,
                valueFromASTUntyped(argument.value, variables),
              ]),
            );
            const count = values.first ?? values.last;
            if (typeof count !== 'number')
              errors.push(
                new GraphQLError(
                  `You must provide a \`first\` or \`last\` value to properly paginate the \`${field.name.value}\` connection.`,
                ),
              );
            else if (count < 1 || count > MOST_A_PAGE)
              errors.push(
                new GraphQLError(
                  `Requesting ${count} records on the \`${field.name.value}\` connection exceeds the \`first\` limit of 100 records.`,
                ),
              );
            else size = count;
          }
          const total = (sizes.at(-1) ?? 1) * size;
          if (isConnection) nodes += total;
          sizes.push(total);
        },
        leave() {
          sizes.pop();
        },
      },
    }),
  );
  if (nodes > MOST_NODES)
    errors.push(
      new GraphQLError(
        `This query requests up to ${nodes} possible nodes which exceeds the maximum limit of 500,000.`,
      ),
    );
  return errors;
}
