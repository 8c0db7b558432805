/** Deployment events in the formats of CloudEvents, CDEvents and DevLake's webhook. */

export const SHA = 'a'.repeat(40);

export const event = (more: object = {}) => ({
  time: '2026-03-02T10:20:00Z',
  sha: SHA,
  environment: 'production',
  status: 'success',
  ...more,
});

export function cloudEvent() {
  const { time, ...data } = event();
  return { specversion: '1.0', type: 'com.acme.deployed', source: '/ship', id: '12', time, data };
}

export const CD_EVENTS = ['deployed', 'upgraded', 'rolledback'] as const;

export const cdEvent = (kind: (typeof CD_EVENTS)[number], more: object = {}, version = '0.1.0') => ({
  context: {
    version: '0.5.1',
    id: 'e1',
    source: '/cd',
    type: `dev.cdevents.service.${kind}.${version}`,
    timestamp: '2026-03-02T10:20:00Z',
  },
  subject: {
    id: 'shop',
    type: 'service',
    content: { environment: { id: 'production' }, artifactId: `pkg:oci/shop@${SHA.slice(0, 12)}` },
  },
  ...more,
});

export const CUSTOM_DATA = [
  { customData: { sha: SHA } },
  { customData: Buffer.from(JSON.stringify({ commitSha: SHA })).toString('base64') },
];

export function devlakeBody(result = 'SUCCESS') {
  const commit = (repository: string) => ({
    repoUrl: `https://github.com/acme/${repository}`,
    commitSha: SHA,
    startedDate: '2026-03-02T10:00:00Z',
    finishedDate: '2026-03-02T10:20:00Z',
  });
  return {
    id: 'd1',
    environment: 'PRODUCTION',
    result,
    deploymentCommits: [commit('shop'), commit('other')],
  };
}
