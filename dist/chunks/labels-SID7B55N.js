import"./chunk-Z7IEMAKW.js";import{A as l,U as p,W as i,o as a,s as m,v as o}from"./chunk-GM3T53JG.js";import"./chunk-EMBIDUMY.js";var d=m(o({labels:o({nodes:a(o({name:l()}))})}));async function v(b,c){let s=new Map,f=c.flatMap(({number:r,mergeCommit:n})=>r===null?[]:[{number:r,mergeCommit:n}]);return await i(f,p,async r=>{let n=`
query Labels($owner: String!, $name: String!, ${r.map((t,e)=>`$number${e}: Int!`).join(", ")}) {
  repository(owner: $owner, name: $name) {
    ${r.map((t,e)=>`pull${e}: pullRequest(number: $number${e}) { labels(first: 100) { nodes { name } } }`).join(`
    `)}
  }
}`,{repository:u}=await b.graphql(n,Object.fromEntries(r.map((t,e)=>[`number${e}`,t.number])),o({repository:o(Object.fromEntries(r.map((t,e)=>[`pull${e}`,d])))}));r.forEach(({mergeCommit:t},e)=>{s.set(t,(u[`pull${e}`]?.labels.nodes??[]).map($=>$.name))})}),s}export{v as labelsOf};
