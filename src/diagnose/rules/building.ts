import { script, step, uses, type Rule } from './rule.ts';

/** What is built, and built again. */

const IMAGE = /\bdocker (?:build|buildx build|pull|compose (?:build|pull))\b/;
const BUILD =
  /\b(?:npm run build|yarn build|pnpm (?:run )?build|gradlew? (?:build|assemble)|mvn (?:package|install)|cargo build|go build|make build|make)\b/;

export const imageWithoutLayerCache: Rule = {
  id: 'image-without-layer-cache',
  title: 'An image is built or pulled without a layer cache',
  advice: 'Keep the layers between runs.',
  yaml: '- uses: docker/build-push-action@v6\n  with:\n    cache-from: type=gha\n    cache-to: type=gha,mode=max',
  remains: [0.3, 0.7],
  find: step(
    (each) =>
      (IMAGE.test(script(each)) && !/--cache-from/.test(script(each))) ||
      (uses(each, /^docker\/(?:build-push-action|bake-action)@/) &&
        each.fileStep?.with['cache-from'] === undefined),
  ),
};

export const builtTwice: Rule = {
  id: 'built-twice',
  title: 'The same is built more than once',
  advice: 'Build once, upload it as an artifact, and download it where it is needed.',
  yaml: '- uses: actions/upload-artifact@v4\n  with:\n    name: build\n    path: dist',
  remains: [0, 0.2],
  find: (evidence) => {
    const builds = evidence.path.steps.filter((each) => BUILD.test(script(each)));
    return step((each) =>
      builds.some(
        (first) =>
          first !== each &&
          builds.indexOf(first) < builds.indexOf(each) &&
          script(first).trim() === script(each).trim(),
      ),
    )(evidence);
  },
};
