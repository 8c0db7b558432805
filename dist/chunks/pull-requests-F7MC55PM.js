import{p as r,s as e,x as n}from"./chunk-PBTGQ64G.js";import"./chunk-EMBIDUMY.js";var l=`
query PullRequestBase($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { pull0: pullRequest(number: $number) { baseRefName } }
}`,u=e({repository:e({pull0:r(e({baseRefName:n()}))})});async function m(o,t){let{repository:s}=await o.graphql(l,{number:t},u);return s.pull0?.baseRefName??null}export{m as baseOfPullRequest};
