declare global {
  var packageOfWorker: (<T>(name: string) => T) | undefined;
}

/** Jest resolves `graphql` to this file (`jest.config.js`), so that a worker loads the package once. Add the names you need. */
const graphql = globalThis.packageOfWorker?.<typeof import('graphql')>('graphql');
if (!graphql) throw new Error('This file needs the environment in "__tests__/support/worker.cjs".');

export const {
  buildSchema,
  execute,
  getNamedType,
  getNullableType,
  GraphQLError,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  TypeInfo,
  validate,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} = graphql;
