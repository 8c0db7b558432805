import"./chunk-LEH6J463.js";import{P as r,S as e,X as o}from"./chunk-CQJUTIKT.js";import"./chunk-PHKIAKHS.js";var l=`
query PullRequestBase($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { pull0: pullRequest(number: $number) { baseRefName } }
}`,u=e({repository:e({pull0:r(e({baseRefName:o()}))})});async function m(t,n){let{repository:s}=await t.graphql(l,{number:n},u);return s.pull0?.baseRefName??null}export{m as baseOfPullRequest};
