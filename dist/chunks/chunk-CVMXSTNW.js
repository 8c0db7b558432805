import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{b as D,c as g,d as l}from"./chunk-BX2ZYVAG.js";import{B as R,b as I,i as C,j as d,k as y,p as c,q as O,r as j,s as o,x as r}from"./chunk-YMWUA6JE.js";var w=c(o({__typename:r(),login:r()})),se=O(o({login:r(),type:r()}));function A(e,t){return{login:e,isBot:t!==null&&t!=="User"||k(e)}}var G=new Set(["copilot-swe-agent","dependabot","github-actions","github-merge-queue","mergify","release-please","renovate","semantic-release"]);function k(e){let t=e.toLowerCase().replace(/^app\//,"").replace(/\[bot\]$/,"");return t!==e.toLowerCase()||G.has(t)||t.endsWith("-bot")}var Y=Math.pow(10,8)*24*60*60*1e3,ae=-Y;var me=6e4,ue=36e5;var Q=3600;var P=Q*24,ce=P*7,W=P*365.2425,U=W/12,le=U*3,x=Symbol.for("constructDateFrom");function p(e,t){return typeof e=="function"?e(t):e&&typeof e=="object"&&x in e?e[x](t):e instanceof Date?new e.constructor(t):new Date(t)}function N(e,t){return p(t||e,e)}function xe(e,t){let i,s=t?.in;return e.forEach(n=>{!s&&typeof n=="object"&&(s=p.bind(null,n));let m=N(n,s);(!i||i<m||isNaN(+m))&&(i=m)}),p(s,i||NaN)}var $="oid committedDate parents(first: 100) { nodes { oid committedDate } }",_="authoredDate messageHeadline author { name user { login } } tree { oid }",q=`${$} ${_} messageBody`,B="promotedBy: associatedPullRequests(first: 3) { nodes { merged baseRefName headRefOid mergeCommit { oid } } }",Ce=`${q} ${B}`,F=`
  ${$}
  ${_}
  url
  associatedPullRequests(first: $pullRequests) {
    pageInfo { hasNextPage }
    nodes {
      number title url merged mergedAt baseRefName headRefName headRefOid
      mergeCommit { oid }
      author { __typename login }
      commits(first: 1) { nodes { commit { authoredDate } } }
    }
  }`,h={oid:r(),committedDate:l,parents:o({nodes:d(o({oid:r(),committedDate:l}))})},z=R(o({number:j(),title:r(),url:r(),merged:y(),mergedAt:c(l),baseRefName:r(),headRefName:r(),headRefOid:r(),mergeCommit:c(o({oid:r()})),author:w,commits:o({nodes:d(o({commit:o({authoredDate:l})}))})}),C(I(e=>!e.merged||e.mergedAt!==null),["mergedAt"])),M={authoredDate:l,messageHeadline:r(),author:c(o({name:c(r()),user:c(o({login:r()}))})),tree:o({oid:r()})},J=o(h),S=o({...h,...M,messageBody:r()}),E=o({nodes:d(o({merged:y(),baseRefName:r(),headRefOid:r(),mergeCommit:c(o({oid:r()}))}))}),Oe=o({...S.entries,promotedBy:E}),H=o({...h,...M,url:r(),associatedPullRequests:D(z)}),K=g(J),V=g(H),X=g(S),Z=`pageInfo { hasNextPage endCursor } nodes { ${$} }`,ee=`pageInfo { hasNextPage endCursor } nodes { ${q} }`,te=`pageInfo { hasNextPage endCursor } nodes { ${F} }`;function je(e,t,i){let s="author"in e?e.author?.user?.login??e.author?.name:null;return{oid:e.oid,parents:e.parents.nodes.map(n=>n.oid),committedAt:new Date(e.committedDate),authoredAt:"authoredDate"in e?new Date(e.authoredDate):null,authorName:"author"in e?e.author?.name??null:null,tree:"tree"in e?e.tree.oid:null,headline:"messageHeadline"in e?e.messageHeadline:"",pickedFrom:"messageBody"in e?re(e.messageBody):[],promotes:"promotedBy"in e?oe(e.oid,e.promotedBy,i):null,author:s?{login:s,isBot:!1}:null,url:"url"in e?e.url:"",pullRequests:"associatedPullRequests"in e?e.associatedPullRequests.nodes.filter(n=>n.url.toLowerCase().startsWith(`${t.toLowerCase()}/pull/`)).flatMap(n=>n.merged&&n.mergedAt!==null&&n.mergeCommit?[ne(n,n.mergedAt,n.mergeCommit.oid)]:[]):null}}function oe(e,{nodes:t},i){let s=t.find(n=>n.merged&&n.baseRefName!==i&&n.mergeCommit?.oid===e);return s&&s.headRefOid!==e?s.headRefOid:null}function re(e){return[...e.matchAll(/cherry picked from commit ([0-9a-f]{40})/g)].map(([,t=""])=>t)}function ne(e,t,i){let[s]=e.commits.nodes;return{number:e.number,title:e.title,url:e.url,author:e.author&&A(e.author.login,e.author.__typename),mergedAt:new Date(t),base:e.baseRefName,mergeCommit:i,head:e.headRefOid,headName:e.headRefName,firstCommitAt:s?new Date(s.commit.authoredDate):null}}function Re(e){return e.associatedPullRequests.nodes.flatMap(({merged:t,mergedAt:i,mergeCommit:s,number:n,baseRefName:m})=>t&&i!==null&&s===null?[{number:n,base:m,mergedAt:new Date(i)}]:[])}function De(e,t){let i=a=>e.map((f,b)=>a(b)).join(" "),s=t?Z:te,n=`
query History($owner: String!, $name: String!, $tip: GitObjectID!, $first: Int!${t?"":", $pullRequests: Int!"}, ${i(a=>`$since${a}: GitTimestamp, $until${a}: GitTimestamp!, $after${a}: String`)}) {
  repository(owner: $owner, name: $name) {
    object(oid: $tip) {
      ... on Commit {
        ${i(a=>`slice${a}: history(first: $first, since: $since${a}, until: $until${a}, after: $after${a}) { ${s} }`)}
      }
    }
  }
}`,m=Object.fromEntries(e.flatMap(({since:a,until:f,after:b},v)=>[[`since${v}`,a],[`until${v}`,f],[`after${v}`,b]])),u=Object.fromEntries(e.map((a,f)=>[`slice${f}`,t?K:V]));return{query:n,variables:m,answer:o({repository:o({object:o(u)})})}}function we(e){return L(e,F,"$pullRequests: Int!",H)}function Ae(e){let t=c(o({oid:r(),promotedBy:E,history:X}));return L(e,`oid ${B} history(first: $first) { ${ee} }`,"$first: Int!",t)}function L(e,t,i,s){return{query:`
query Commits($owner: String!, $name: String!, ${i}, ${e.map((m,u)=>`$oid${u}: GitObjectID!`).join(", ")}) {
  repository(owner: $owner, name: $name) {
    ${e.map((m,u)=>`commit${u}: object(oid: $oid${u}) { ... on Commit { ${t} } }`).join(`
    `)}
  }
}`,variables:Object.fromEntries(e.map((m,u)=>[`oid${u}`,m])),answer:o({repository:o(Object.fromEntries(e.map((m,u)=>[`commit${u}`,s])))})}}export{me as a,ue as b,p as c,N as d,xe as e,w as f,se as g,A as h,Ce as i,Oe as j,V as k,te as l,je as m,oe as n,Re as o,De as p,we as q,Ae as r};
