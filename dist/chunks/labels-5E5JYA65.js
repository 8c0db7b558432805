import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{C as i,E as p,i as l,o as s,r as n,w as m}from"./chunk-JD2NTN6N.js";import"./chunk-SOF5433S.js";import"./chunk-H4F37OIR.js";import"./chunk-JMQJDRFG.js";var d=s(n({labels:s(n({nodes:l(n({name:m()}))}))}));async function j(b,c){let a=new Map,u=c.flatMap(({number:t,mergeCommit:o})=>t===null?[]:[{number:t,mergeCommit:o}]);return await p(u,i,async t=>{let o=`
query Labels($owner: String!, $name: String!, ${t.map((r,e)=>`$number${e}: Int!`).join(", ")}) {
  repository(owner: $owner, name: $name) {
    ${t.map((r,e)=>`pull${e}: pullRequest(number: $number${e}) { labels(first: 50) { nodes { name } } }`).join(`
    `)}
  }
}`,{repository:f}=await b.graphql(o,Object.fromEntries(t.map((r,e)=>[`number${e}`,r.number])),n({repository:n(Object.fromEntries(t.map((r,e)=>[`pull${e}`,d])))}));t.forEach(({mergeCommit:r},e)=>{a.set(r,(f[`pull${e}`]?.labels?.nodes??[]).map($=>$.name))})}),a}export{j as labelsOf};
