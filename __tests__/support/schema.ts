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

/** GitHub's own limits, which its schema does not say. */
const MOST_A_PAGE = 100;
const MOST_NODES = 500_000;

/** The text alone: the package's own door reads five megabytes of JSON beside it, in every file of tests. */
const IDL = 'node_modules/@octokit/graphql-schema/schema.graphql';

let built: GraphQLSchema | undefined;
export const githubSchema = () => {
  built ??= buildSchema(readFileSync(IDL, 'utf8'), { assumeValidSDL: true, noLocation: true });
  return built;
};

/** Answers a query as GitHub does: against its published schema, by its rules. What GitHub would refuse fails here. */
export const executeAsGitHub: Execute = async (root, { query, variables }) => {
  const schema = githubSchema();
  const { document, errors } = known(schema, query);
  if (document === null) return { errors: errors.map(asGitHub) };
  const faults = [...errors, ...breaches(schema, document, variables)];
  if (faults.length > 0) return { errors: faults.map(asGitHub) };
  const answer = await execute({ schema, document, rootValue: root, variableValues: variables });
  return { data: answer.data, ...(answer.errors ? { errors: answer.errors.map(asGitHub) } : {}) };
};

interface Known {
  /** `null`: it is no GraphQL. */
  document: DocumentNode | null;
  errors: readonly GraphQLError[];
}

const queries = new Map<string, Known>();

/** A query is read and held against the schema once, however often it is asked. */
function known(schema: GraphQLSchema, query: string): Known {
  const before = queries.get(query);
  if (before) return before;
  let now: Known;
  try {
    const document = parse(query);
    now = { document, errors: validate(schema, document) };
  } catch (error) {
    now = { document: null, errors: [new GraphQLError(String(error))] };
  }
  queries.set(query, now);
  return now;
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

/** Every connection is asked for with `first` or `last`, of 1 to 100, and all of them together for 500,000 nodes at most. */
function breaches(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown>,
): GraphQLError[] {
  const found: GraphQLError[] = [];
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
            const given = Object.fromEntries(
              (field.arguments ?? []).map((argument) => [
                argument.name.value,
                valueFromASTUntyped(argument.value, variables),
              ]),
            );
            const asked = given.first ?? given.last;
            if (typeof asked !== 'number')
              found.push(
                new GraphQLError(
                  `You must provide a \`first\` or \`last\` value to properly paginate the \`${field.name.value}\` connection.`,
                ),
              );
            else if (asked < 1 || asked > MOST_A_PAGE)
              found.push(
                new GraphQLError(
                  `Requesting ${asked} records on the \`${field.name.value}\` connection exceeds the \`first\` limit of 100 records.`,
                ),
              );
            else size = asked;
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
    found.push(
      new GraphQLError(
        `This query requests up to ${nodes} possible nodes which exceeds the maximum limit of 500,000.`,
      ),
    );
  return found;
}
