import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{b as x,c as f,d as c}from"./chunk-BX2ZYVAG.js";import{B as R,b as h,i as C,j as d,k as v,p as l,q as O,r as j,s as t,x as r}from"./chunk-YMWUA6JE.js";var A=l(t({__typename:r(),login:r()})),V=O(t({login:r(),type:r()}));function D(e,o){return{login:e,isBot:o!==null&&o!=="User"||L(e)}}var F=new Set(["copilot-swe-agent","dependabot","github-actions","github-merge-queue","mergify","release-please","renovate","semantic-release"]);function L(e){let o=e.toLowerCase().replace(/^app\//,"").replace(/\[bot\]$/,"");return o!==e.toLowerCase()||F.has(o)||o.endsWith("-bot")}var $="oid committedDate parents(first: 100) { nodes { oid committedDate } }",I="authoredDate messageHeadline author { name user { login } } tree { oid }",P=`${$} ${I} messageBody`,w="promotedBy: associatedPullRequests(first: 3) { nodes { merged baseRefName headRefOid mergeCommit { oid } } }",te=`${P} ${w}`,B=`
  ${$}
  ${I}
  url
  associatedPullRequests(first: $pullRequests) {
    pageInfo { hasNextPage }
    nodes {
      number title url merged mergedAt baseRefName headRefName headRefOid
      mergeCommit { oid }
      author { __typename login }
      commits(first: 1) { nodes { commit { authoredDate } } }
    }
  }`,y={oid:r(),committedDate:c,parents:t({nodes:d(t({oid:r(),committedDate:c}))})},G=R(t({number:j(),title:r(),url:r(),merged:v(),mergedAt:l(c),baseRefName:r(),headRefName:r(),headRefOid:r(),mergeCommit:l(t({oid:r()})),author:A,commits:t({nodes:d(t({commit:t({authoredDate:c})}))})}),C(h(e=>!e.merged||e.mergedAt!==null),["mergedAt"])),_={authoredDate:c,messageHeadline:r(),author:l(t({name:l(r()),user:l(t({login:r()}))})),tree:t({oid:r()})},T=t(y),q=t({...y,..._,messageBody:r()}),N=t({nodes:d(t({merged:v(),baseRefName:r(),headRefOid:r(),mergeCommit:l(t({oid:r()}))}))}),oe=t({...q.entries,promotedBy:N}),M=t({...y,..._,url:r(),associatedPullRequests:x(G)}),H=f(T),k=f(M),Q=f(q),U=`pageInfo { hasNextPage endCursor } nodes { ${$} }`,W=`pageInfo { hasNextPage endCursor } nodes { ${P} }`,Y=`pageInfo { hasNextPage endCursor } nodes { ${B} }`;function re(e,o,s){let i="author"in e?e.author?.user?.login??e.author?.name:null;return{oid:e.oid,parents:e.parents.nodes.map(n=>n.oid),committedAt:new Date(e.committedDate),authoredAt:"authoredDate"in e?new Date(e.authoredDate):null,authorName:"author"in e?e.author?.name??null:null,tree:"tree"in e?e.tree.oid:null,headline:"messageHeadline"in e?e.messageHeadline:"",pickedFrom:"messageBody"in e?J(e.messageBody):[],promotes:"promotedBy"in e?z(e.oid,e.promotedBy,s):null,author:i?{login:i,isBot:!1}:null,url:"url"in e?e.url:"",pullRequests:"associatedPullRequests"in e?e.associatedPullRequests.nodes.filter(n=>n.url.toLowerCase().startsWith(`${o.toLowerCase()}/pull/`)).flatMap(n=>n.merged&&n.mergedAt!==null&&n.mergeCommit?[K(n,n.mergedAt,n.mergeCommit.oid)]:[]):null}}function z(e,{nodes:o},s){let i=o.find(n=>n.merged&&n.baseRefName!==s&&n.mergeCommit?.oid===e);return i&&i.headRefOid!==e?i.headRefOid:null}function J(e){return[...e.matchAll(/cherry picked from commit ([0-9a-f]{40})/g)].map(([,o=""])=>o)}function K(e,o,s){let[i]=e.commits.nodes;return{number:e.number,title:e.title,url:e.url,author:e.author&&D(e.author.login,e.author.__typename),mergedAt:new Date(o),base:e.baseRefName,mergeCommit:s,head:e.headRefOid,headName:e.headRefName,firstCommitAt:i?new Date(i.commit.authoredDate):null}}function ne(e){return e.associatedPullRequests.nodes.flatMap(({merged:o,mergedAt:s,mergeCommit:i,number:n,baseRefName:u})=>o&&s!==null&&i===null?[{number:n,base:u,mergedAt:new Date(s)}]:[])}function ie(e,o){let s=a=>e.map((p,g)=>a(g)).join(" "),i=o?U:Y,n=`
query History($owner: String!, $name: String!, $tip: GitObjectID!, $first: Int!${o?"":", $pullRequests: Int!"}, ${s(a=>`$since${a}: GitTimestamp, $until${a}: GitTimestamp!, $after${a}: String`)}) {
  repository(owner: $owner, name: $name) {
    object(oid: $tip) {
      ... on Commit {
        ${s(a=>`slice${a}: history(first: $first, since: $since${a}, until: $until${a}, after: $after${a}) { ${i} }`)}
      }
    }
  }
}`,u=Object.fromEntries(e.flatMap(({since:a,until:p,after:g},b)=>[[`since${b}`,a],[`until${b}`,p],[`after${b}`,g]])),m=Object.fromEntries(e.map((a,p)=>[`slice${p}`,o?H:k]));return{query:n,variables:u,answer:t({repository:t({object:t(m)})})}}function se(e){return S(e,B,"$pullRequests: Int!",M)}function ae(e){let o=l(t({oid:r(),promotedBy:N,history:Q}));return S(e,`oid ${w} history(first: $first) { ${W} }`,"$first: Int!",o)}function S(e,o,s,i){return{query:`
query Commits($owner: String!, $name: String!, ${s}, ${e.map((u,m)=>`$oid${m}: GitObjectID!`).join(", ")}) {
  repository(owner: $owner, name: $name) {
    ${e.map((u,m)=>`commit${m}: object(oid: $oid${m}) { ... on Commit { ${o} } }`).join(`
    `)}
  }
}`,variables:Object.fromEntries(e.map((u,m)=>[`oid${m}`,u])),answer:t({repository:t(Object.fromEntries(e.map((u,m)=>[`commit${m}`,i])))})}}export{A as a,V as b,D as c,te as d,oe as e,k as f,Y as g,re as h,z as i,ne as j,ie as k,se as l,ae as m};
