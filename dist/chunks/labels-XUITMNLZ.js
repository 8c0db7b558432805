import{a as i,c as p}from"./chunk-DIDQDEM3.js";import{j as a,p as m,s as n,x as l}from"./chunk-PBTGQ64G.js";import"./chunk-HCTRRCGQ.js";import"./chunk-OQ4U36RH.js";import"./chunk-EMBIDUMY.js";var d=m(n({labels:n({nodes:a(n({name:l()}))})}));async function v(b,c){let s=new Map,f=c.flatMap(({number:t,mergeCommit:o})=>t===null?[]:[{number:t,mergeCommit:o}]);return await p(f,i,async t=>{let o=`
query Labels($owner: String!, $name: String!, ${t.map((r,e)=>`$number${e}: Int!`).join(", ")}) {
  repository(owner: $owner, name: $name) {
    ${t.map((r,e)=>`pull${e}: pullRequest(number: $number${e}) { labels(first: 100) { nodes { name } } }`).join(`
    `)}
  }
}`,{repository:u}=await b.graphql(o,Object.fromEntries(t.map((r,e)=>[`number${e}`,r.number])),n({repository:n(Object.fromEntries(t.map((r,e)=>[`pull${e}`,d])))}));t.forEach(({mergeCommit:r},e)=>{s.set(r,(u[`pull${e}`]?.labels.nodes??[]).map($=>$.name))})}),s}export{v as labelsOf};
