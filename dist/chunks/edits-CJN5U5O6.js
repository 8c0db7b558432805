import{a}from"./chunk-P7TDN5VB.js";import"./chunk-WHD3IW6M.js";import{M as s,R as n,U as o,Z as d,f as u,ka as v,oa as y,wa as b}from"./chunk-A7T5JTRR.js";import"./chunk-PHKIAKHS.js";var M=`
query Edits($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on IssueComment { id userContentEdits(first: 50) { nodes { diff editedAt editor { __typename login } } } }
    ... on Issue { id userContentEdits(first: 50) { nodes { diff editedAt editor { __typename login } } } }
  }
}`,A=o({nodes:s(n(o({id:d(),userContentEdits:n(o({nodes:s(o({diff:n(d()),editedAt:y,editor:b}))}))})))}),C=100;async function $(i,x,p){let c=new Map(x.slice(0,C).map(e=>[e.node,e])),m=new Map,{nodes:w}=await i.graphql(M,{ids:[...c.keys()]},A).catch(v(u,()=>({nodes:[]})));for(let e of w){let r=c.get(e?.id??""),l=(e?.userContentEdits?.nodes??[]).toSorted((t,I)=>Date.parse(I.editedAt)-Date.parse(t.editedAt));if(!r)continue;let f=l.filter(({editor:t})=>t?.login===r.author).map(({diff:t})=>a(t??"",p)).find(t=>t!==null),g=a(r.body,p);f&&(g===null||E(g.text)!==E(f.text))&&m.set(r.node,l[0]?.editor?.login??"somebody")}return m}var E=i=>i.replace(/^<!-- .* -->$/gm,"").trim();export{$ as replacedTexts};
