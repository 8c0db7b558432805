import"./chunk-3TDQYKH3.js";import{C as a,G as m,J as o,O as l,ia as p,la as i}from"./chunk-SE5M6VVC.js";import"./chunk-EMBIDUMY.js";var y=m(o({labels:o({nodes:a(o({name:l()}))})}));async function w(b,c){let s=new Map,f=c.flatMap(({number:r,mergeCommit:n})=>r===null?[]:[{number:r,mergeCommit:n}]);return await i(f,p,async(r,n)=>{let u=`
query Labels($owner: String!, $name: String!, ${r.map((t,e)=>`$number${e}: Int!`).join(", ")}) {
  repository(owner: $owner, name: $name) {
    ${r.map((t,e)=>`pull${e}: pullRequest(number: $number${e}) { labels(first: 100) { nodes { name } } }`).join(`
    `)}
  }
}`,{repository:$}=await b.graphql(u,Object.fromEntries(r.map((t,e)=>[`number${e}`,t.number])),o({repository:o(Object.fromEntries(r.map((t,e)=>[`pull${e}`,y])))}),n);r.forEach(({mergeCommit:t},e)=>{s.set(t,($[`pull${e}`]?.labels.nodes??[]).map(d=>d.name))})}),s}export{w as labelsOf};
