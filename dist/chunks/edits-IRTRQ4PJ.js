import{a}from"./chunk-P7TDN5VB.js";import"./chunk-XFNX3KB5.js";import{L as s,R as r,U as o,Z as d,g as y,na as v,va as b}from"./chunk-3PYOYYWX.js";import"./chunk-PHKIAKHS.js";var I=`
query Edits($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on IssueComment { id userContentEdits(first: 50) { nodes { diff editedAt editor { __typename login } } } }
    ... on Issue { id userContentEdits(first: 50) { nodes { diff editedAt editor { __typename login } } } }
  }
}`,M=o({nodes:s(r(o({id:d(),userContentEdits:r(o({nodes:s(o({diff:r(d()),editedAt:v,editor:b}))}))})))}),h=100;async function j(i,x,c){let p=new Map(x.slice(0,h).map(t=>[t.node,t])),f=new Map;try{let{nodes:t}=await i.graphql(I,{ids:[...p.keys()]},M);for(let l of t){let n=p.get(l?.id??""),m=(l?.userContentEdits?.nodes??[]).toSorted((e,w)=>Date.parse(w.editedAt)-Date.parse(e.editedAt));if(!n)continue;let g=m.filter(({editor:e})=>e?.login===n.author).map(({diff:e})=>a(e??"",c)).find(e=>e!==null),u=a(n.body,c);g&&(u===null||E(u.text)!==E(g.text))&&f.set(n.node,m[0]?.editor?.login??"somebody")}}catch(t){if(!(t instanceof y))throw t}return f}var E=i=>i.replace(/^<!-- .* -->$/gm,"").trim();export{j as replacedTexts};
