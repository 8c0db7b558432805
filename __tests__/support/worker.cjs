const { TestEnvironment } = require('jest-environment-node');

/**
 * The environment of every test file. Jest loads and builds everything again for each file. A Jest worker keeps what is
 * expensive and never changes here, and all its files share it. This file is CommonJS because Jest loads it untransformed.
 */

/** Packages that a worker loads once. A package qualifies if it works with the `Date` and the `Error` of another realm. */
const PACKAGES = { graphql: sharedGraphql };

/**
 * `graphql`, which builds a schema, parses a query and validates it once. GitHub's schema takes a quarter of a second and
 * 115 MB. Outside of production, graphql also compares class names for every value that it completes.
 */
function sharedGraphql() {
  const graphql = inProduction(() => require('graphql'));
  const errors = new WeakMap();
  return {
    ...graphql,
    buildSchema: rememberByText(graphql.buildSchema),
    parse: rememberByText(graphql.parse),
    validate(schema, document) {
      const bySchema = errors.get(document) ?? new WeakMap();
      errors.set(document, bySchema);
      if (!bySchema.has(schema)) bySchema.set(schema, graphql.validate(schema, document));
      return bySchema.get(schema);
    },
  };
}

function rememberByText(read) {
  const results = new Map();
  return (text, options) => {
    const key = `${JSON.stringify(options)} ${text}`;
    if (!results.has(key)) results.set(key, read(text, options));
    return results.get(key);
  };
}

function inProduction(load) {
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    return load();
  } finally {
    process.env.NODE_ENV = NODE_ENV;
  }
}

const loaded = new Map();

function packageOfWorker(name) {
  if (!loaded.has(name)) loaded.set(name, PACKAGES[name]());
  return loaded.get(name);
}

module.exports = class WorkerEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    // A function and no object, because Jest clears the objects among a file's globals when the file ends.
    this.global.packageOfWorker = packageOfWorker;
  }
};
