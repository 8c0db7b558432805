import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);
import{i as u,j as l}from"./chunk-CVMXSTNW.js";import{D as g,F as j,p as a,s as n,t as y,u as b,y as s}from"./chunk-YMWUA6JE.js";var c=o=>/^[0-9a-f]{7,40}$/.test(o),v=n({__typename:b(["Tree","Blob","Tag"])}),d=a(s([l,v])),w=a(n({target:a(s([l,n({...v.entries,target:y(d)})]))})),p=`__typename ... on Commit { ${u} }`;async function h(o,C){let f=new Map;return await j([...new Set(C)],g,async r=>{let D=r.map((e,t)=>c(e)?`commit${t}: object(expression: $name${t}) { ${p} }`:`commit${t}: ref(qualifiedName: $name${t}) { target { ${p} ... on Tag { target { ${p} } } } }`),{repository:O}=await o.graphql(`
query Deployed($owner: String!, $name: String!, ${r.map((e,t)=>`$name${t}: String!`).join(", ")}) {
  repository(owner: $owner, name: $name) {
    ${D.join(`
    `)}
  }
}`,Object.fromEntries(r.map((e,t)=>[`name${t}`,c(e)?e:`refs/tags/${e}`])),n({repository:n(Object.fromEntries(r.map((e,t)=>[`commit${t}`,c(e)?d:w])))}));r.forEach((e,t)=>{let i=O[`commit${t}`];for(let m of[i,$(i),$($(i))])m!==null&&"oid"in m&&f.set(e,m)})}),f}var $=o=>o!==null&&"target"in o?o.target:null;export{c as a,h as b};
