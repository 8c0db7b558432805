/** The hidden line by which a text is found again: one for each kind and environment. */
export function markerOf(kind: 'preview' | 'shipped' | 'weekly' | 'closed', environment: string): string {
  return `<!-- deploy-latency-guard ${kind} ${encodeURIComponent(environment).replaceAll('-', '%2D')} -->`;
}
